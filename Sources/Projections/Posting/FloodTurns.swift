import Dispatch
import Foundation

/// Whose turn it is to post in a flood: half as many books at a time as there are processors, so that the writer whom the
/// flood comes from is not one of a dozen that share them, and none stands idle while all books wait.
final class FloodTurns: Sendable {
  private let turns: DispatchSemaphore
  private let patience: DispatchTimeInterval

  /// - Parameters:
  ///   - count: Books that post at a time.
  ///   - patience: How long a book waits for its turn. One that takes longer, or is held up, must not hold up the others.
  init(
    _ count: Int = max(1, ProcessInfo.processInfo.activeProcessorCount / 2),
    patience: DispatchTimeInterval = .seconds(1)
  ) {
    turns = DispatchSemaphore(value: count)
    self.patience = patience
  }

  /// Does something, in a flood when its turn has come or it waited long enough.
  func during<Value>(_ isFlood: Bool, _ body: () throws -> Value) rethrows -> Value {
    guard isFlood, turns.wait(timeout: .now() + patience) == .success else { return try body() }
    defer { turns.signal() }
    return try body()
  }
}
