/// An exact decimal with twelve places, without a currency.
public struct Amount: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Units of 10^-12. Magnitude below 10^38 (`numeric(38,12)`).
  public let units: Int128
  /// Wraps units of 10^-12.
  public init(units: Int128) { self.units = units }
  /// Zero.
  public static let zero = Amount(units: 0)
  /// Reads a decimal string (`-?digits[.digits]`, at most twelve places, no exponent, no plus sign, no leading zeros, not
  /// `-0`). Trailing zeros are read; `canonical` text has none.
  public init?(_ text: String) { fatalError("contract") }
  /// Without trailing zeros: `0`, `-1.5`, `0.000000000001`.
  public var description: String { fatalError("contract") }
  /// Smaller first.
  public static func < (left: Self, right: Self) -> Bool { left.units < right.units }
}

/// An ISO 4217 currency code.
public struct Currency: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Three upper-case letters of the current ISO 4217 list (funds and metals included, `XXX` and `XTS` not).
  public let code: String
  /// Checks the list.
  public init?(_ code: String) { fatalError("contract") }
  /// The code.
  public var description: String { code }
  /// By code.
  public static func < (left: Self, right: Self) -> Bool { left.code < right.code }
}

/// An exact amount of one currency; sums never mix currencies.
public struct Money: Hashable, Sendable {
  /// How much.
  public let amount: Amount
  /// Of what.
  public let currency: Currency
  /// Makes money.
  public init(_ amount: Amount, _ currency: Currency) {
    self.amount = amount
    self.currency = currency
  }
}
