import CPostgres

extension Connection {
  /// `COPY … FROM STDIN`: `next` gives data until it answers nil. Answers the number of rows.
  ///
  /// When `next` throws, nothing is copied and its error is thrown on.
  @discardableResult
  public func copyIn(_ sql: String, _ next: () throws -> [UInt8]?) throws -> Int64 {
    var deadline = CallDeadline(callTimeout)
    try sendSimple(sql)
    guard let result = try nextResult(&deadline) else { throw lost() }
    let status = PQresultStatus(result)
    let failure = status == PGRES_FATAL_ERROR ? PostgresError(failedResult: result, statementIndex: nil) : nil
    PQclear(result)
    if let failure {
      if failure.code == .server { try drain(&deadline) }
      throw settled(failure, deadline)
    }
    guard status == PGRES_COPY_IN else {
      // COPY … TO cannot be drained without reading all of it.
      close()
      throw PostgresError(code: .misuse, message: "the statement is not COPY … FROM STDIN")
    }
    do {
      while let piece = try next() {
        deadline = CallDeadline(callTimeout)
        try putCopyData(piece, &deadline)
      }
    } catch {
      if isOpen { _ = try? endCopy(abandoning: true) }
      throw error
    }
    return try endCopy(abandoning: false)
  }

  private func putCopyData(_ piece: [UInt8], _ deadline: inout CallDeadline) throws(PostgresError) {
    let handle = try openHandle()
    while true {
      let outcome = piece.withUnsafeBytes {
        PQputCopyData(handle, $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32($0.count))
      }
      switch outcome {
      case 1:
        // Keeps libpq's buffer from growing without bound when the server is slower than we are.
        while PQflush(handle) == 1 { try exchange(&deadline, onlySends: true) }
        return
      case 0: try exchange(&deadline, onlySends: true)
      default: throw lost()
      }
    }
  }

  private func endCopy(abandoning: Bool) throws(PostgresError) -> Int64 {
    var deadline = CallDeadline(callTimeout)
    let handle = try openHandle()
    while true {
      let outcome = abandoning ? PQputCopyEnd(handle, "abandoned") : PQputCopyEnd(handle, nil)
      if outcome == 1 { break }
      if outcome < 0 { throw lost() }
      try exchange(&deadline, onlySends: true)
    }
    return try copyResult(&deadline)
  }

  /// The number of rows that a copy moved, when its data is through.
  func copyResult(_ deadline: inout CallDeadline) throws(PostgresError) -> Int64 {
    var copied: Int64 = 0
    var failure: PostgresError?
    while let result = try nextResult(&deadline) {
      if PQresultStatus(result) == PGRES_COMMAND_OK {
        copied = Rows(owning: result).affected
      } else {
        failure = failure ?? PostgresError(failedResult: result, statementIndex: nil)
        PQclear(result)
        if failure?.code == .connectionLost { break }
      }
    }
    if let failure { throw settled(failure, deadline) }
    return copied
  }

  /// Reads a statement's remaining results away.
  func drain(_ deadline: inout CallDeadline) throws(PostgresError) {
    while let result = try nextResult(&deadline) { PQclear(result) }
  }
}
