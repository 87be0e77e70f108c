/// A bounded set of connections, each with a serial queue of its own on which blocking calls run.
public final class ConnectionPool: Sendable {
  /// Makes a pool; connections are opened when first needed and replaced when lost.
  public init(_ settings: ConnectionSettings, size: Int, waitLimit: Duration = .seconds(5)) { fatalError("contract") }
  /// Lends a connection to `body`, which runs on that connection's queue and may block there.
  /// Throws `.poolExhausted` past `waitLimit`.
  public func withConnection<Value: Sendable>(
    _ body: @escaping @Sendable (Connection) throws -> Value
  ) async throws -> Value { fatalError("contract") }
  /// Closes everything; later calls throw.
  public func close() async { fatalError("contract") }
}

import Dispatch

/// Runs an actor's jobs on a serial queue of its own, where blocking is fine.
public final class QueueExecutor: SerialExecutor {
  /// Makes an executor with a label for debuggers.
  public init(label: String) { fatalError("contract") }
  /// Runs the job on the queue.
  public func enqueue(_ job: consuming ExecutorJob) { fatalError("contract") }
}
