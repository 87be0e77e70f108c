/// What a member of an event's data may hold: the language that the catalogue and the bodies of commands are written in.
///
/// Plain data, so that validation, OpenAPI and documentation all read the same.
public indirect enum FieldKind: Sendable, Equatable {
  /// A text of so many Unicode scalars; its bytes matter and are never normalised.
  case text(ClosedRange<Int>)
  /// Printable ASCII without spaces, from one character to so many.
  case token(Int)
  /// Exactly so many lower-case hexadecimal digits.
  case hexadecimal(Int)
  /// A whole number.
  case integer(ClosedRange<Int64>)
  /// `true` or `false`.
  case boolean
  /// A canonical decimal string: at most so many digits before the point and twelve after it, no trailing zeros.
  case decimal(wholeDigits: Int, allowsNegative: Bool)
  /// A decimal string from 0 to 1.
  case fraction
  /// `{"amount", "currency"}`.
  case money(wholeDigits: Int, allowsNegative: Bool)
  /// An ISO 4217 code.
  case currency
  /// An RFC 3339 date-time with an offset.
  case timestamp
  /// One of these texts.
  case choice([String])
  /// An object with exactly these members.
  case object([EventField])
  /// A list of so many values of one kind.
  case array(FieldKind, count: ClosedRange<Int>)
  /// Any object.
  case openObject
  /// An object of texts: at most so many members, keys and values of at most so many Unicode scalars.
  case textMap(count: Int, key: Int, value: Int)
  /// Any value.
  case any
}

extension FieldKind {
  /// Identifiers such as operation, model and provider.
  static let name = FieldKind.token(128)
  /// Names that people give, such as a team's.
  static let label = FieldKind.text(1...256)
  /// Why somebody did something.
  static let reason = FieldKind.text(1...2_000)
  /// A whole number that counts something within one event: far above any real one, and a sum of a million of them still
  /// fits 64 bits.
  static let count = FieldKind.integer(0...1_000_000_000_000)
  /// An amount of money of one event: below 10^15, so that sums stay far from the end of `numeric(38,12)`.
  static let amount = FieldKind.money(wholeDigits: 15, allowsNegative: false)
  /// The same, and below zero too: credits.
  static let signedAmount = FieldKind.money(wholeDigits: 15, allowsNegative: true)
  /// A SHA-256.
  static let sha256 = FieldKind.hexadecimal(64)

  /// What is expected, for people.
  public var expectation: String {
    switch self {
    case .text(let range): "a text of \(range.lowerBound) to \(range.upperBound) characters"
    case .token(let most): "1 to \(most) printable ASCII characters without spaces"
    case .hexadecimal(let digits): "\(digits) lower-case hexadecimal digits"
    case .integer(let range): "an integer from \(range.lowerBound) to \(range.upperBound)"
    case .boolean: "true or false"
    case .decimal(let digits, let allowsNegative):
      "a decimal string\(allowsNegative ? "" : " not below zero") with at most \(digits) digits before the point and 12 "
        + "after it, without leading or trailing zeros"
    case .fraction: "a decimal string from 0 to 1 with at most 12 digits after the point, without trailing zeros"
    case .money: "an object {amount, currency}"
    case .currency: "a currency code of ISO 4217"
    case .timestamp: "an RFC 3339 date-time with an offset"
    case .choice(let names): "one of " + names.joined(separator: ", ")
    case .object, .openObject: "an object"
    case .array(_, let count): "a list of \(count.lowerBound) to \(count.upperBound) values"
    case .textMap(let count, let key, let value):
      "an object of at most \(count) texts, keys up to \(key) and values up to \(value) characters"
    case .any: "a value"
    }
  }
}
