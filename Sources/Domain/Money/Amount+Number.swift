extension Amount {
  /// Reads a number as JSON writes it (RFC 8259, section 6), an exponent included: `0.0027`, `1.5e-07`, `3E2`, `-0`.
  ///
  /// Digits beyond the twelfth place are rounded once, by the named rule: they come from others' machines, which print
  /// `0.30000000000000004`. Nothing passes through a floating-point number.
  ///
  /// - Parameters:
  ///   - text: at most 400 characters.
  ///   - rounding: the rule for what lies beyond the twelfth place.
  /// - Returns: nil for any other text, and for more than 26 digits before the point.
  public init?(number text: String, rounding: RoundingRule) {
    guard let number = DecimalNumber(text), let amount = number.amount(rounding) else { return nil }
    self = amount
  }
}

/// A number as its digits and a power of ten.
private struct DecimalNumber {
  var isNegative = false
  /// Digits without leading zeros.
  var digits: [UInt8] = []
  /// The power of ten of the last digit.
  var exponent = 0

  /// Beyond any real number's length and exponent, and small enough to add up without care.
  private static let longest = 400

  init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count <= Self.longest else { return nil }
    var at = 0
    func byte() -> UInt8? { at < bytes.count ? bytes[at] : nil }
    func isDigit() -> Bool { byte().map { $0 &- 0x30 <= 9 } ?? false }
    if byte() == UInt8(ascii: "-") {
      isNegative = true
      at += 1
    }
    let first = at
    while isDigit() {
      append(bytes[at])
      at += 1
    }
    guard at > first, bytes[first] != 0x30 || at - first == 1 else { return nil }
    if byte() == UInt8(ascii: ".") {
      at += 1
      let point = at
      while isDigit() {
        append(bytes[at])
        exponent -= 1
        at += 1
      }
      guard at > point else { return nil }
    }
    if let letter = byte(), letter | 0x20 == UInt8(ascii: "e") {
      at += 1
      let isBelow = byte() == UInt8(ascii: "-")
      if isBelow || byte() == UInt8(ascii: "+") { at += 1 }
      let start = at
      var power = 0
      while isDigit() {
        power = min(power * 10 + Int(bytes[at] - 0x30), 100_000)
        at += 1
      }
      guard at > start else { return nil }
      exponent += isBelow ? -power : power
    }
    guard at == bytes.count else { return nil }
  }

  private mutating func append(_ digit: UInt8) {
    if digit != 0x30 || !digits.isEmpty { digits.append(digit - 0x30) }
  }

  /// The amount; nil where it has more than 26 digits before the point.
  func amount(_ rounding: RoundingRule) -> Amount? {
    guard !digits.isEmpty else { return .zero }
    // Units are of 10^-12: digits from `kept` on lie beyond them.
    let kept = digits.count + exponent + Amount.places
    guard kept <= 38 else { return nil }
    var magnitude: UInt128 = 0
    for index in 0..<max(kept, 0) { magnitude = magnitude * 10 + UInt128(index < digits.count ? digits[index] : 0) }
    if kept < digits.count, roundsAway(magnitude, from: kept, rounding) { magnitude += 1 }
    return Amount(exactly: isNegative ? -Int128(magnitude) : Int128(magnitude))
  }

  /// What was cut off, told as less than, exactly or more than half of a unit: as much as any rule asks.
  private func roundsAway(_ quotient: UInt128, from kept: Int, _ rounding: RoundingRule) -> Bool {
    let first = kept >= 0 ? digits[kept] : 0
    let hasMore = kept < 0 || digits[(kept + 1)...].contains { $0 != 0 }
    let remainder: UInt128 = first == 0 && !hasMore ? 0 : first < 5 ? 1 : first == 5 && !hasMore ? 2 : 3
    return rounding.roundsAwayFromZero(
      quotient: quotient, remainder: remainder, divisor: 4, isNegative: isNegative)
  }
}
