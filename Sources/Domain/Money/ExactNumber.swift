/// A number as JSON writes it (RFC 8259, section 6), to the last digit: an exponent included, and never through a float.
///
/// `1.5e-07` is 15 × 10^-8 and nothing near it. Public price tables hold floats whose shortest text is what was meant.
public struct ExactNumber: Sendable, Hashable {
  /// Digits without leading and trailing zeros; 0 for zero.
  public let coefficient: UInt128
  /// The power of ten that the coefficient stands for.
  public let exponent: Int
  /// True below zero; never for zero.
  public let isNegative: Bool

  /// Most digits that are kept: ten to this power times `Price.mostUnits` fits 128 bits.
  public static let mostDigits = 26
  /// Exponents beyond this are those of no price.
  private static let largestExponent = 1_000

  /// Reads the text of a number; nil for anything else, and for more than 26 digits between the first and the last that
  /// are not zero.
  public init?(_ text: String) { self.init(ascii: Array(text.utf8)) }

  private init?(ascii text: [UInt8]) {
    var scanner = Scanner(text: text)
    guard scanner.scan() else { return nil }
    self.init(digits: scanner.digits, exponent: scanner.exponent, isNegative: scanner.isNegative)
  }

  private init?(digits: [UInt8], exponent: Int, isNegative: Bool) {
    var kept = digits[...]
    while kept.last == 0 { kept.removeLast() }
    guard !kept.isEmpty else {
      (coefficient, self.exponent, self.isNegative) = (0, 0, false)
      return
    }
    guard kept.count <= Self.mostDigits, abs(exponent) <= Self.largestExponent else { return nil }
    coefficient = kept.reduce(0) { $0 * 10 + UInt128($1) }
    self.exponent = exponent + digits.count - kept.count
    self.isNegative = isNegative
  }

  /// This number times a count, as an amount; nil where that is not exact at twelve places, or too large.
  public func amount(times count: Int64) -> Amount? {
    guard count > 0 else { return nil }
    let product = coefficient * UInt128(count)
    var power = exponent + Amount.places
    var units = product
    while power > 0 {
      let (next, overflows) = units.multipliedReportingOverflow(by: 10)
      guard !overflows else { return nil }
      units = next
      power -= 1
    }
    while power < 0, units > 0 {
      let (quotient, remainder) = units.quotientAndRemainder(dividingBy: 10)
      guard remainder == 0 else { return nil }
      units = quotient
      power += 1
    }
    guard units <= UInt128(Int128.max) else { return nil }
    return Amount(exactly: isNegative ? -Int128(units) : Int128(units))
  }

  /// The whole number that this is; nil where it is none, or beyond 64 bits.
  public var integer: Int64? {
    guard exponent >= 0, exponent <= 18 else { return coefficient == 0 ? 0 : nil }
    var value = coefficient
    for _ in 0..<exponent {
      let (next, overflows) = value.multipliedReportingOverflow(by: 10)
      guard !overflows else { return nil }
      value = next
    }
    return Int64(exactly: value).map { isNegative ? -$0 : $0 }
  }
}

extension ExactNumber {
  /// Reads sign, digits, fraction and exponent.
  private struct Scanner {
    let text: [UInt8]
    private var at = 0
    private(set) var isNegative = false
    /// Values of the digits, leading zeros left out.
    private(set) var digits: [UInt8] = []
    /// The power of ten of the last digit.
    private(set) var exponent = 0

    init(text: [UInt8]) { self.text = text }

    mutating func scan() -> Bool {
      isNegative = pass(UInt8(ascii: "-"))
      let first = at
      let whole = passDigits()
      guard whole > 0, whole == 1 || text[first] != 0x30 else { return false }
      if pass(UInt8(ascii: ".")) {
        let places = passDigits()
        guard places > 0 else { return false }
        exponent -= places
      }
      if pass(UInt8(ascii: "e")) || pass(UInt8(ascii: "E")) {
        let isBelow = pass(UInt8(ascii: "-"))
        if !isBelow { _ = pass(UInt8(ascii: "+")) }
        guard let power = passPower() else { return false }
        exponent += isBelow ? -power : power
      }
      return at == text.count
    }

    private mutating func pass(_ byte: UInt8) -> Bool {
      guard at < text.count, text[at] == byte else { return false }
      at += 1
      return true
    }

    private mutating func passDigits() -> Int {
      let start = at
      while at < text.count, text[at] &- 0x30 <= 9 {
        if text[at] != 0x30 || !digits.isEmpty { digits.append(text[at] - 0x30) }
        at += 1
      }
      return at - start
    }

    private mutating func passPower() -> Int? {
      let start = at
      var power = 0
      while at < text.count, text[at] &- 0x30 <= 9 {
        power = min(power * 10 + Int(text[at] - 0x30), 1_000_000)
        at += 1
      }
      return at > start ? power : nil
    }
  }
}
