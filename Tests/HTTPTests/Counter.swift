import Synchronization

/// Counts across tasks.
final class Counter: Sendable {
  private let count = Atomic<Int>(0)

  var value: Int { count.load(ordering: .sequentiallyConsistent) }

  func add(_ more: Int = 1) {
    count.wrappingAdd(more, ordering: .sequentiallyConsistent)
  }
}
