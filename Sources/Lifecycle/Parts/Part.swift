/// A long-lived part of a process: one `run`, from its start to its end.
public protocol Part: Sendable {
  /// What the part is called in messages: `api`, `projectors`, …
  var name: String { get }

  /// Runs until its work is done, it fails, or `shutdown` is requested.
  ///
  /// A requested shutdown is not a cancellation: the part finishes what it accepted and then returns. A cancelled task
  /// means that the bound for that has passed: return or throw at once.
  func run(_ shutdown: GracefulShutdown) async throws
}

/// A part made of a closure.
public struct ClosurePart: Part {
  /// What the part is called in messages.
  public let name: String
  private let body: @Sendable (GracefulShutdown) async throws -> Void

  /// Makes a part that runs `body`.
  public init(_ name: String, _ body: @escaping @Sendable (GracefulShutdown) async throws -> Void) {
    self.name = name
    self.body = body
  }

  /// Runs the closure.
  public func run(_ shutdown: GracefulShutdown) async throws { try await body(shutdown) }
}
