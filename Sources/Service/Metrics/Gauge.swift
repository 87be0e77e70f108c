import Synchronization

/// A number that goes up and down.
final class Gauge: Sendable {
  private let bits = Atomic<UInt64>(0)

  init() {}

  /// The number now; 0 at first.
  var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

  /// Sets it.
  func set(_ value: Double) {
    bits.store(value.bitPattern, ordering: .relaxed)
  }

  /// Sets it.
  func set(_ value: Int) {
    set(Double(value))
  }
}
