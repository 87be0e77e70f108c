/// An exact decimal with twelve places, without a currency.
///
/// In Postgres this is `numeric(38,12)`, in JSON a decimal string. Nothing here rounds unless it names the rule.
public struct Amount: Hashable, Comparable, Sendable {
  /// Units of 10^-12. Magnitude below 10^38 (`numeric(38,12)`).
  public let units: Int128

  /// Wraps units of 10^-12, whose magnitude must be below 10^38.
  public init(units: Int128) {
    precondition(units.magnitude <= Self.largestMagnitude, "an amount has at most 26 digits before its point")
    self.units = units
  }

  /// Wraps units of 10^-12; nil where their magnitude is 10^38 or more.
  public init?(exactly units: Int128) {
    guard units.magnitude <= Self.largestMagnitude else { return nil }
    self.units = units
  }

  /// Whole units of account: `Amount(whole: 50)` prints `50`.
  public init(whole: Int32) {
    units = Int128(whole) * Int128(Self.unitsPerWhole)
  }

  /// Zero.
  public static let zero = Amount(units: 0)

  /// The largest amount: 26 digits before the point, 12 after.
  public static let largest = Amount(units: Int128(largestMagnitude))

  /// Decimal places kept.
  public static let places = 12

  /// 10^12: units in one whole.
  static let unitsPerWhole: UInt64 = 1_000_000_000_000

  /// 10^38 - 1, the largest magnitude that `numeric(38,12)` holds.
  static let largestMagnitude: UInt128 = 99_999_999_999_999_999_999_999_999_999_999_999_999

  /// True below zero.
  public var isNegative: Bool { units < 0 }

  /// True for exactly zero, which is a known amount and not the same as an unknown one.
  public var isZero: Bool { units == 0 }

  /// Smaller first.
  public static func < (left: Self, right: Self) -> Bool { left.units < right.units }
}
