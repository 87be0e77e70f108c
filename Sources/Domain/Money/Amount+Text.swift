extension Amount: CustomStringConvertible {
  /// Reads a decimal string: `-?digits[.digits]`, at most twelve places and 26 digits before the point.
  ///
  /// No exponent, no plus sign, no leading zeros, no white space, not `-0` in any spelling. Trailing zeros are read;
  /// `description` prints none. Nil for anything else.
  public init?(_ text: String) {
    self.init(ascii: text.utf8)
  }

  /// Reads the bytes of a decimal string under the same rules as `init(_:)`, for hot paths.
  public init?(ascii text: some Collection<UInt8>) {
    let scanned = text.withContiguousStorageIfAvailable { AmountScanner.units(of: $0) }
    if let scanned {
      guard let units = scanned else { return nil }
      self.units = units
    } else {
      guard let units = Array(text).withUnsafeBufferPointer({ AmountScanner.units(of: $0) }) else { return nil }
      self.units = units
    }
  }

  /// Without trailing zeros: `0`, `-1.5`, `0.000000000001`.
  public var description: String {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: AmountPrinter.capacity) { buffer in
      let start = AmountPrinter.print(units, intoTailOf: buffer)
      return String(decoding: UnsafeBufferPointer(rebasing: buffer[start...]), as: UTF8.self)
    }
  }

  /// Appends `description` as bytes, for hot paths.
  public func append(to bytes: inout [UInt8]) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: AmountPrinter.capacity) { buffer in
      let start = AmountPrinter.print(units, intoTailOf: buffer)
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: buffer[start...]))
    }
  }
}

/// Reads the decimal strings of amounts.
enum AmountScanner {
  /// Digits that a sign, 26 digits, a point and 12 digits take.
  static let longestText = 40

  /// The units of 10^-12 that the text names; nil where it is no such text or does not fit.
  static func units(of text: UnsafeBufferPointer<UInt8>) -> Int128? {
    guard text.count <= longestText else { return nil }
    var index = 0
    let isNegative = text.first == UInt8(ascii: "-")
    if isNegative { index = 1 }
    let wholeStart = index
    while index < text.count, isDigit(text[index]) { index += 1 }
    let wholeDigits = index - wholeStart
    guard wholeDigits > 0, wholeDigits <= 26 else { return nil }
    if wholeDigits > 1, text[wholeStart] == UInt8(ascii: "0") { return nil }

    let whole = number(text, wholeStart, index)
    var fraction: UInt64 = 0
    if index < text.count {
      guard text[index] == UInt8(ascii: ".") else { return nil }
      let fractionStart = index + 1
      index = fractionStart
      while index < text.count, isDigit(text[index]) { index += 1 }
      let digits = index - fractionStart
      guard index == text.count, digits > 0, digits <= Amount.places else { return nil }
      fraction = UInt64(truncatingIfNeeded: number(text, fractionStart, index))
      for _ in digits..<Amount.places { fraction &*= 10 }
    }
    // At most 26 and 12 digits: below 10^38, which Int128 holds.
    let magnitude = whole &* UInt128(Amount.unitsPerWhole) &+ UInt128(fraction)
    if isNegative, magnitude == 0 { return nil }
    return isNegative ? -Int128(magnitude) : Int128(magnitude)
  }

  /// The value of a run of at most 26 digits; eighteen fit a machine word, so the wide part is touched at most twice.
  private static func number(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> UInt128 {
    let split = max(start, end - 18)
    var low: UInt64 = 0
    for index in split..<end { low = low &* 10 &+ UInt64(text[index] &- 0x30) }
    guard split > start else { return UInt128(low) }
    var high: UInt64 = 0
    for index in start..<split { high = high &* 10 &+ UInt64(text[index] &- 0x30) }
    return UInt128(high) &* 1_000_000_000_000_000_000 &+ UInt128(low)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 <= 9 }
}

/// Prints amounts from the last digit backwards.
enum AmountPrinter {
  /// Room for a sign, 27 digits, a point and 12 digits.
  static let capacity = 48

  /// Prints into the end of `buffer` and answers where the text starts.
  static func print(_ units: Int128, intoTailOf buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
    var index = buffer.count
    let (whole, fraction) = parts(of: units.magnitude)
    if fraction != 0 {
      var rest = fraction
      var places = Amount.places
      while rest % 10 == 0 {
        rest /= 10
        places -= 1
      }
      for _ in 0..<places {
        index -= 1
        buffer[index] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      }
      index -= 1
      buffer[index] = UInt8(ascii: ".")
    }
    index = printWhole(whole, before: index, in: buffer)
    if units < 0 {
      index -= 1
      buffer[index] = UInt8(ascii: "-")
    }
    return index
  }

  /// The digits before and after the point; 128-bit division is avoided where the amount fits a machine word.
  private static func parts(of magnitude: UInt128) -> (whole: UInt128, fraction: UInt64) {
    if let narrow = UInt64(exactly: magnitude) {
      let (whole, fraction) = narrow.quotientAndRemainder(dividingBy: Amount.unitsPerWhole)
      return (UInt128(whole), fraction)
    }
    let (whole, fraction) = magnitude.quotientAndRemainder(dividingBy: UInt128(Amount.unitsPerWhole))
    return (whole, UInt64(fraction))
  }

  private static func printWhole(
    _ whole: UInt128, before end: Int, in buffer: UnsafeMutableBufferPointer<UInt8>
  ) -> Int {
    var index = end
    var wide = whole
    var least = 0
    while wide > UInt128(UInt64.max) {
      let (quotient, remainder) = wide.quotientAndRemainder(dividingBy: 10)
      index -= 1
      buffer[index] = 0x30 &+ UInt8(truncatingIfNeeded: remainder)
      wide = quotient
      least = 1
    }
    var narrow = UInt64(wide)
    while narrow > 0 || least == 0 {
      index -= 1
      buffer[index] = 0x30 &+ UInt8(truncatingIfNeeded: narrow % 10)
      narrow /= 10
      least = 1
    }
    return index
  }
}
