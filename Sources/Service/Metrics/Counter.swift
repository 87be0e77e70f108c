import Synchronization

/// A number that only grows.
final class Counter: Sendable {
  private let count = Atomic<UInt64>(0)

  init() {}

  /// The number now.
  var value: UInt64 { count.load(ordering: .relaxed) }

  /// Adds to it; nothing below 0 is taken.
  func add(_ more: Int = 1) {
    precondition(more >= 0, "counters only grow")
    count.wrappingAdd(UInt64(more), ordering: .relaxed)
  }
}
