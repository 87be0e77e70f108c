import Synchronization

/// How often a measured value fell under each of some bounds.
///
/// Values are whole numbers of a small unit (nanoseconds, events), so that adding up is exact and needs no lock.
final class Histogram: Sendable {
  /// What is measured, and how it is written.
  enum Unit: Sendable {
    /// Kept in nanoseconds, written in seconds.
    case seconds
    /// Kept and written as a count.
    case count

    /// So much of what is kept is 1 of what is written.
    var scale: Double {
      switch self {
      case .seconds: 1e9
      case .count: 1
      }
    }
  }

  let unit: Unit
  /// Upper bounds, inclusive and rising, in what is kept.
  let bounds: [Int64]
  /// One more than bounds: the last is for what is above all.
  private let buckets: [Counter]
  private let sum = Atomic<Int64>(0)

  init(_ unit: Unit, bounds: [Int64]) {
    precondition(!bounds.isEmpty && zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }, "bounds must rise")
    self.unit = unit
    self.bounds = bounds
    buckets = (0...bounds.count).map { _ in Counter() }
  }

  /// Counts a value, not below 0.
  func observe(_ value: Int64) {
    let value = max(0, value)
    buckets[bucket(of: value)].add()
    sum.wrappingAdd(value, ordering: .relaxed)
  }

  /// Counts a duration.
  func observe(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    observe(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
  }

  /// Counts up to each bound, then all; and the sum, as written.
  var snapshot: (cumulative: [UInt64], sum: Double) {
    var total: UInt64 = 0
    let cumulative = buckets.map { bucket in
      total += bucket.value
      return total
    }
    return (cumulative, Double(sum.load(ordering: .relaxed)) / unit.scale)
  }

  private func bucket(of value: Int64) -> Int {
    var low = 0
    var high = bounds.count
    while low < high {
      let middle = (low + high) / 2
      if bounds[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
