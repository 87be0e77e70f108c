import CPostgres

/// Statements with parameters. All of them go through libpq's pipeline mode, so that preparing a statement, running it
/// and running many cost one round trip alike.
extension Connection {
  /// Runs one statement (extended protocol); statements are prepared once a connection, by their text.
  @discardableResult
  public func execute(
    _ sql: String, _ parameters: [Parameter] = [], isPrepared: Bool = true, resultFormat: ResultFormat = .binary
  ) throws(PostgresError) -> Rows {
    do throws(PostgresError) {
      return try pipeline([
        Statement(sql, parameters, isPrepared: isPrepared, resultFormat: resultFormat)
      ])[0]
    } catch {
      var error = error
      error.statementIndex = nil
      throw error
    }
  }

  /// Sends all statements in one pipeline with one sync at its end: one round trip. Start with `BEGIN` where more than
  /// one must be atomic across pipelines. Throws the first statement's error, with its index; the rest did not run.
  ///
  /// Without `BEGIN` the pipeline is one implicit transaction. A transaction that was begun and failed waits for
  /// `ROLLBACK`. A `COMMIT` that Postgres turned into a rollback throws 25P02.
  public func pipeline(_ statements: [Statement]) throws(PostgresError) -> [Rows] {
    if statements.isEmpty { return [] }
    let handle = try openHandle()
    if PQpipelineStatus(handle) == PQ_PIPELINE_OFF && PQenterPipelineMode(handle) == 0 { throw lost() }
    var deadline = CallDeadline(callTimeout)
    var steps: [PipelineStep] = []
    steps.reserveCapacity(statements.count + 4)
    var refusal: PostgresError?
    for (index, statement) in statements.enumerated() {
      refusal = send(statement, index, to: handle, &steps)
      if refusal != nil { break }
    }
    if PQpipelineSync(handle) == 0 { throw lost() }
    let failedAhead = try collectSentAhead(&deadline)
    let outcome = try collect(steps, &deadline)
    if let failure = failedAhead ?? outcome.failure { throw settled(failure, deadline) }
    if let refusal { throw refusal }
    return try outcome.rows.refusingFailedCommits(of: statements)
  }

  /// Sends one statement without waiting for its answer, inside a transaction that was begun: Postgres works on it while
  /// the caller makes the next one. The following ``pipeline(_:)`` or ``execute(_:_:isPrepared:resultFormat:)`` collects
  /// its result, and throws its error; nothing else may be called on the connection before.
  ///
  /// It has a sync of its own, so that a session whose client falls silent counts as idle in its transaction.
  /// A connection that is lost meanwhile is closed: the following call throws.
  public func sendAhead(_ statement: Statement) {
    guard let handle else { return }
    precondition(transactionStatus != .idle || !sentAhead.isEmpty, "statements are sent ahead inside a transaction")
    var steps: [PipelineStep] = []
    let isSent =
      (PQpipelineStatus(handle) != PQ_PIPELINE_OFF || PQenterPipelineMode(handle) == 1)
      && send(statement, 0, to: handle, &steps) == nil && PQpipelineSync(handle) == 1
    guard isSent else { return close() }
    sentAhead.append(steps)
    // What does not fit into the socket now goes with the next call.
    _ = PQflush(handle)
  }

  /// Reads the results of what was sent ahead; answers its first error.
  private func collectSentAhead(_ deadline: inout CallDeadline) throws(PostgresError) -> PostgresError? {
    defer { sentAhead = [] }
    var failure: PostgresError?
    for steps in sentAhead {
      let outcome = try collect(steps, &deadline)
      failure = failure ?? outcome.failure
    }
    failure?.statementIndex = nil
    return failure
  }

  /// Puts one statement into the pipeline, with its preparation where that is due. Answers why it cannot be sent.
  private func send(
    _ statement: Statement, _ index: Int, to handle: OpaquePointer, _ steps: inout [PipelineStep]
  ) -> PostgresError? {
    let types = statement.parameters.map(\.typeID)
    var name: String?
    if statement.isPrepared {
      switch statements.lookup(statement.sql, types: types) {
      case .prepared(let known): name = known
      case .prepare(let new, let declared):
        name = new
        guard PQsendPrepare(handle, new, statement.sql, Int32(declared.count), declared) == 1 else {
          statements.forget(statement.sql, name: new)
          return refused(handle, index)
        }
        steps.append(PipelineStep(kind: .prepare, index: index, sql: statement.sql, name: new))
      case .unnamed: break
      }
    }
    parameterBuffer.encode(statement.parameters)
    let count = statement.parameters.count
    let values = (0..<count).map { parameterBuffer.address($0) }
    let lengths = parameterBuffer.places.map { Int32(max(0, $0.length)) }
    let formats = [Int32](repeating: 1, count: count)
    let form = statement.resultFormat.rawValue
    let isSent =
      if let name {
        PQsendQueryPrepared(handle, name, Int32(count), values, lengths, formats, form)
      } else {
        PQsendQueryParams(handle, statement.sql, Int32(count), types, values, lengths, formats, form)
      }
    guard isSent == 1 else { return refused(handle, index) }
    steps.append(PipelineStep(kind: .run, index: index, sql: statement.sql, name: name))
    return nil
  }

  /// libpq would not take the statement: too many parameters, a message beyond 1 GB, or no memory.
  private func refused(_ handle: OpaquePointer, _ index: Int) -> PostgresError {
    PostgresError(
      code: .misuse, message: String(cString: PQerrorMessage(handle)).trimmedLine, statementIndex: index)
  }

  /// Reads the results of all steps and the sync behind them.
  private func collect(
    _ steps: [PipelineStep], _ deadline: inout CallDeadline
  ) throws(PostgresError) -> (rows: [Rows], failure: PostgresError?) {
    var rows: [Rows] = []
    rows.reserveCapacity(steps.count)
    var failure: PostgresError?
    for step in steps {
      while let result = try nextResult(&deadline) {
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
          if step.kind == .run { rows.append(Rows(owning: result)) } else { PQclear(result) }
        case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
          // Both sides now wait for data, and the sync does not end that.
          PQclear(result)
          close()
          throw PostgresError(code: .misuse, message: "a pipeline cannot hold COPY", statementIndex: step.index)
        case let status:
          let error = error(of: result, status, step)
          PQclear(result)
          if step.kind == .prepare, let name = step.name { statements.forget(step.sql, name: name) }
          if failure == nil && status != PGRES_PIPELINE_ABORTED { failure = error }
          if error.code == .connectionLost { throw settled(error, deadline) }
        }
      }
    }
    try collectSync(&deadline)
    if let failure { forgetStatements(after: failure, steps) }
    return (rows, failure)
  }

  private func error(of result: OpaquePointer, _ status: ExecStatusType, _ step: PipelineStep) -> PostgresError {
    switch status {
    case PGRES_PIPELINE_ABORTED:
      PostgresError(code: .server, message: "an earlier statement failed", statementIndex: step.index)
    default: PostgresError(failedResult: result, statementIndex: step.index)
    }
  }

  private func collectSync(_ deadline: inout CallDeadline) throws(PostgresError) {
    while true {
      guard let result = try nextResult(&deadline) else {
        // No sync and nothing to wait for: the connection is gone.
        if PQstatus(try openHandle()) == CONNECTION_BAD { throw lost() }
        continue
      }
      defer { PQclear(result) }
      switch PQresultStatus(result) {
      case PGRES_PIPELINE_SYNC: return
      case PGRES_FATAL_ERROR:
        let error = PostgresError(failedResult: result, statementIndex: nil)
        if error.code == .connectionLost { throw settled(error, deadline) }
      default: break
      }
    }
  }

  /// Plans that no longer fit (0A000, after a change of a table) and names that are gone (26000) are prepared anew.
  private func forgetStatements(after failure: PostgresError, _ steps: [PipelineStep]) {
    guard failure.sqlState == "0A000" || failure.sqlState == "26000" else { return }
    if failure.sqlState == "26000" { return statements.forgetAll() }
    for step in steps where step.index == failure.statementIndex {
      if let name = step.name { statements.forget(step.sql, name: name) }
    }
  }
}

/// One message of a pipeline that is answered by results of its own.
struct PipelineStep {
  enum Kind { case prepare, run }
  var kind: Kind
  /// Of the statement.
  var index: Int
  var sql: String
  /// Under which it is prepared; nil when it runs unnamed.
  var name: String?
}

extension [Rows] {
  /// Postgres answers COMMIT of a failed transaction with success and the tag ROLLBACK; nobody may miss that.
  func refusingFailedCommits(of statements: [Statement]) throws(PostgresError) -> [Rows] {
    for (index, statement) in statements.enumerated() where statement.sql.utf8.count < 32 {
      let verb = statement.sql.uppercased()
      guard verb.hasPrefix("COMMIT") || verb.hasPrefix("END") else { continue }
      if self[index].commandTag == "ROLLBACK" {
        throw PostgresError(
          code: .server, sqlState: "25P02", message: "the transaction had failed: COMMIT rolled it back",
          statementIndex: index)
      }
    }
    return self
  }
}
