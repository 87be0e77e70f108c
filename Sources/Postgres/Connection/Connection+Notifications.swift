import CPostgres

extension Connection {
  /// Listens on a channel.
  public func listen(_ channel: String) throws(PostgresError) {
    try execute("LISTEN \(Self.quoted(channel))", isPrepared: false)
  }

  /// Sends a notification: at commit when a transaction is open, else at once.
  public func notify(_ channel: String, _ payload: String) throws(PostgresError) {
    try execute("SELECT pg_notify($1, $2)", [.text(channel), .text(payload)])
  }

  /// Notifications that are here, or arrive within `timeout`.
  ///
  /// Answers as soon as there is one; empty when none came. They only wake: what happened is read from the log.
  public func notifications(within timeout: Duration) throws(PostgresError) -> [Notification] {
    let handle = try openHandle()
    let deadline = ContinuousClock.now + timeout
    while true {
      if PQconsumeInput(handle) == 0 { throw lost() }
      var arrived: [Notification] = []
      while let message = PQnotifies(handle) {
        arrived.append(
          Notification(
            channel: String(cString: message.pointee.relname), payload: String(cString: message.pointee.extra)))
        PQfreemem(message)
      }
      if !arrived.isEmpty { return arrived }
      if PQstatus(handle) == CONNECTION_BAD { throw lost() }
      if Readiness.wait(on: PQsocket(handle), for: .read, until: deadline) == nil { return [] }
    }
  }

  /// An identifier in double quotes.
  public static func quoted(_ identifier: String) -> String {
    "\"" + identifier.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }

  /// A text as a literal of SQL, for statements that take no parameters.
  ///
  /// - Throws: `misuse` for a text that Postgres could not hold.
  public func literal(_ text: String) throws(PostgresError) -> String {
    let handle = try openHandle()
    guard !text.utf8.contains(0), let escaped = PQescapeLiteral(handle, text, text.utf8.count) else {
      throw PostgresError(code: .misuse, message: "the text cannot stand in a statement")
    }
    defer { PQfreemem(escaped) }
    return String(cString: escaped)
  }
}
