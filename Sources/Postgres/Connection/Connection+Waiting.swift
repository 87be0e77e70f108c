import CPostgres

/// The time limit of one call, and what became of it.
struct CallDeadline {
  /// How long a cancelled statement may take to answer before the connection is given up.
  static let drainLimit: Duration = .seconds(5)

  var instant: ContinuousClock.Instant?
  /// A cancel was sent; what still comes is drained.
  var isCancelled = false

  init(_ timeout: Duration?) { instant = timeout.map { .now + $0 } }
}

extension Connection {
  /// The next result, or nil at the end of a statement's results. Sends what is still to be sent meanwhile.
  func nextResult(_ deadline: inout CallDeadline) throws(PostgresError) -> OpaquePointer? {
    let handle = try openHandle()
    while PQisBusy(handle) == 1 { try exchange(&deadline) }
    return PQgetResult(handle)
  }

  /// Sends what can be sent and reads what is there; waits for either.
  ///
  /// - Parameter onlySends: true where the server has nothing to say before it was sent more, so that there is nothing to
  ///   wait for once all is sent: it would be waited for for ever.
  func exchange(_ deadline: inout CallDeadline, onlySends: Bool = false) throws(PostgresError) {
    let handle = try openHandle()
    let unsent = PQflush(handle)
    if onlySends && unsent == 0 { return }
    // A failed write may leave the server's last words in the socket: read on.
    let interest: Readiness = unsent == 1 ? [.read, .write] : .read
    guard let ready = Readiness.wait(on: PQsocket(handle), for: interest, until: deadline.instant) else {
      return try pastDeadline(&deadline)
    }
    if ready != .write && PQconsumeInput(handle) == 0 { throw lost() }
  }

  /// Cancels what runs; the second time gives the connection up.
  private func pastDeadline(_ deadline: inout CallDeadline) throws(PostgresError) {
    guard !deadline.isCancelled, requestCancel() else {
      close()
      throw PostgresError(
        code: .timeout, message: "the call's deadline passed, and the server did not answer to cancel")
    }
    deadline.isCancelled = true
    deadline.instant = .now + CallDeadline.drainLimit
  }

  /// Asks the server to end what runs; false where it could not be asked.
  @discardableResult
  func requestCancel() -> Bool {
    guard let handle, let cancel = PQgetCancel(handle) else { return false }
    defer { PQfreeCancel(cancel) }
    var complaint = [CChar](repeating: 0, count: 256)
    _ = PQcancel(cancel, &complaint, Int32(complaint.count))
    return true
  }

  /// Closes after the connection broke; says what the server said last.
  func lost() -> PostgresError {
    var error = PostgresError(code: .connectionLost, message: "the connection broke")
    if let handle {
      error.message = String(cString: PQerrorMessage(handle)).trimmedLine
      // The reason, such as 57P01, often arrived just before the end.
      if PQisBusy(handle) == 0, let result = PQgetResult(handle) {
        if PQresultStatus(result) == PGRES_FATAL_ERROR {
          error = PostgresError(failedResult: result, statementIndex: nil)
          error.code = .connectionLost
        }
        PQclear(result)
      }
    }
    close()
    return error
  }

  /// Closes if the error says that the session is over; turns our own cancel into `.timeout`.
  func settled(_ error: PostgresError, _ deadline: CallDeadline) -> PostgresError {
    var error = error
    if error.code == .connectionLost || handle.map({ PQstatus($0) == CONNECTION_BAD }) ?? true {
      error.code = .connectionLost
      close()
    } else if deadline.isCancelled && error.sqlState == "57014" {
      error.code = .timeout
      error.message = "the call's deadline passed; it was cancelled"
    }
    return error
  }
}
