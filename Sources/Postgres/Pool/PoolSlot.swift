import Dispatch

/// A place for one connection of a pool, with the queue that the connection lives on.
///
/// `@unchecked Sendable`: `connection` is touched on `queue` alone.
final class PoolSlot: @unchecked Sendable {
  private let settings: ConnectionSettings
  private let queue: DispatchQueue
  private var connection: Connection?

  init(_ settings: ConnectionSettings, index: Int) {
    self.settings = settings
    queue = DispatchQueue(label: "daybook.pool.\(index)")
  }

  /// Lends the connection on the queue, opening it first where it is missing or lost.
  func run<Value: Sendable>(_ body: @escaping @Sendable (Connection) throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result { try self.lend(to: body) }) }
    }
  }

  func close() async {
    await withCheckedContinuation { continuation in
      queue.async {
        self.discard()
        continuation.resume()
      }
    }
  }

  private func lend<Value>(to body: (Connection) throws -> Value) throws -> Value {
    if let known = connection, !known.isReusable { discard() }
    let connection = try self.connection ?? Connection(settings)
    self.connection = connection
    let callTimeout = connection.callTimeout
    defer {
      connection.callTimeout = callTimeout
      tidy(connection)
    }
    return try body(connection)
  }

  /// Ends a transaction that was left open; what cannot be brought back to idle is thrown away.
  private func tidy(_ connection: Connection) {
    if connection.isOpen && connection.transactionStatus != .idle { _ = try? connection.execute("ROLLBACK") }
    if !connection.isOpen || connection.transactionStatus != .idle { discard() }
  }

  private func discard() {
    connection?.close()
    connection = nil
  }
}

extension Connection {
  /// Is it open, idle, and not ended by the server meanwhile? Looks at the socket only.
  var isReusable: Bool {
    guard isOpen, transactionStatus == .idle else { return false }
    return (try? notifications(within: .zero)) != nil && isOpen
  }
}
