import Dispatch
import Postgres

/// One connection for questions, and the queue of its own on which it is used.
final class BookSession: Sendable {
  /// A connection with what was read through it before.
  final class Line {
    let connection: Connection
    let registry = ProjectionRegistry()
    /// The role that the connection came with: it may look up persons and read the log.
    let ownRole: String

    init(_ settings: ConnectionSettings) throws {
      var settings = settings
      settings.applicationName = "daybook books"
      connection = try Connection(settings)
      try connection.script(
        """
        SET DateStyle = 'ISO';
        SET timezone = 'UTC';
        SET jit = off;
        SET plan_cache_mode = force_custom_plan;
        SET idle_in_transaction_session_timeout = '60s'
        """)
      ownRole = try connection.execute("SELECT current_user::text").string(0, 0)
    }

    /// Takes a role until the end of the transaction.
    func assume(_ role: String) throws {
      try connection.script("SET LOCAL ROLE \(Connection.quoted(role))")
    }
  }

  /// Sendable because `line` is touched on `queue` alone, which is serial.
  private final class Box: @unchecked Sendable {
    var line: Line?
  }

  private let queue = DispatchQueue(label: "daybook.books")
  private let box = Box()
  private let settings: ConnectionSettings

  init(_ settings: ConnectionSettings) { self.settings = settings }

  /// Runs a blocking body on the session's queue, connecting first where there is no connection.
  func run<Value: Sendable>(_ body: @escaping @Sendable (Line) throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { [self] in continuation.resume(with: Result { try body(connected()) }) }
    }
  }

  /// Ends whatever transaction is open, without waiting.
  func reset() {
    queue.async { [box] in
      guard let line = box.line, line.connection.transactionStatus != .idle else { return }
      line.connection.rollBack()
    }
  }

  /// Closes the connection, without waiting.
  func close() {
    queue.async { [box] in
      box.line?.connection.close()
      box.line = nil
    }
  }

  private func connected() throws -> Line {
    if let line = box.line, line.connection.isOpen { return line }
    let line = try Line(settings)
    box.line = line
    return line
  }
}
