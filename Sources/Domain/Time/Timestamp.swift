/// A moment in microseconds of UTC since 1970, without leap seconds: the only clock value the ledger keeps.
public struct Timestamp: Hashable, Comparable, Sendable {
  /// Microseconds since 1970-01-01T00:00:00Z.
  public let microseconds: Int64

  /// Wraps microseconds since 1970.
  public init(microseconds: Int64) { self.microseconds = microseconds }

  /// 0001-01-01T00:00:00.000000Z, the first moment that can be written down.
  public static let earliest = Timestamp(microseconds: -62_135_596_800_000_000)

  /// 9999-12-31T23:59:59.999999Z, the last moment that can be written down.
  public static let latest = Timestamp(microseconds: 253_402_300_799_999_999)

  static let microsecondsPerSecond: Int64 = 1_000_000
  static let microsecondsPerDay: Int64 = 86_400_000_000

  /// The moment this much later (earlier where negative), held within `earliest` and `latest`.
  public func advanced(byMicroseconds interval: Int64) -> Timestamp {
    let (sum, overflows) = microseconds.addingReportingOverflow(interval)
    if overflows { return interval < 0 ? .earliest : .latest }
    return min(max(Timestamp(microseconds: sum), .earliest), .latest)
  }

  /// The moment this many seconds later, held within `earliest` and `latest`.
  public func advanced(bySeconds seconds: Int64) -> Timestamp {
    let (interval, overflows) = seconds.multipliedReportingOverflow(by: Self.microsecondsPerSecond)
    if overflows { return seconds < 0 ? .earliest : .latest }
    return advanced(byMicroseconds: interval)
  }

  /// Microseconds from `earlier` to this moment; held within Int64.
  public func microseconds(since earlier: Timestamp) -> Int64 {
    let (difference, overflows) = microseconds.subtractingReportingOverflow(earlier.microseconds)
    if overflows { return microseconds < 0 ? .min : .max }
    return difference
  }

  /// Earlier first.
  public static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }
}
