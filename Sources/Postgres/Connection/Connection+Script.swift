import CPostgres

extension Connection {
  /// Runs a script of many statements without parameters (simple protocol).
  ///
  /// It is one transaction unless it says otherwise. Throws the first error; what follows it did not run.
  public func script(_ sql: String) throws(PostgresError) {
    var deadline = CallDeadline(callTimeout)
    try sendSimple(sql)
    var failure: PostgresError?
    while let result = try nextResult(&deadline) {
      defer { PQclear(result) }
      switch PQresultStatus(result) {
      case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: break
      case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
        close()
        throw PostgresError(code: .misuse, message: "a script cannot hold COPY")
      default:
        let error = settled(PostgresError(failedResult: result, statementIndex: nil), deadline)
        if !isOpen { throw error }
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
  }

  /// Sends SQL through the simple protocol.
  func sendSimple(_ sql: String) throws(PostgresError) {
    let handle = try openHandle()
    if PQpipelineStatus(handle) != PQ_PIPELINE_OFF && PQexitPipelineMode(handle) == 0 { throw lost() }
    if PQsendQuery(handle, sql) == 0 { throw lost() }
  }
}
