/// Rules for texts, on bytes.
enum TextRules {
  /// Printable ASCII without spaces, 1 to `most` characters.
  @inline(__always) static func isToken(_ text: UnsafeBufferPointer<UInt8>, _ most: Int) -> Bool {
    guard text.count > 0, text.count <= most else { return false }
    for byte in text where byte &- 0x21 > 0x5D { return false }
    return true
  }

  /// Printable ASCII, spaces too, 1 to `most` characters.
  @inline(__always) static func isPrintable(_ text: UnsafeBufferPointer<UInt8>, _ most: Int) -> Bool {
    guard text.count > 0, text.count <= most else { return false }
    for byte in text where byte &- 0x20 > 0x5E { return false }
    return true
  }

  /// So many Unicode scalars.
  @inline(__always) static func isText(_ text: UnsafeBufferPointer<UInt8>, _ least: Int, _ most: Int) -> Bool {
    if text.count <= most, least <= 1 { return text.count >= least }
    var scalars = 0
    for byte in text where byte & 0xC0 != 0x80 { scalars += 1 }
    return scalars >= least && scalars <= most
  }

  /// Lower-case hexadecimal digits.
  static func isHexadecimal(_ text: UnsafeBufferPointer<UInt8>, _ count: Int) -> Bool {
    guard text.count == count else { return false }
    for byte in text where byte &- 0x30 > 9 && byte &- 0x61 > 5 { return false }
    return true
  }

  /// A canonical decimal string: no leading zeros, no trailing zeros, not `-0`, at most twelve places.
  static func isDecimal(_ text: UnsafeBufferPointer<UInt8>, wholeDigits: Int, allowsNegative: Bool) -> Bool {
    var at = 0
    let isNegative = text.first == UInt8(ascii: "-")
    if isNegative {
      guard allowsNegative else { return false }
      at = 1
    }
    let first = at
    while at < text.count, text[at] &- 0x30 <= 9 { at += 1 }
    guard at > first, at - first <= wholeDigits, text[first] != 0x30 || at - first == 1 else { return false }
    guard at < text.count else { return !isNegative || text[first] != 0x30 }
    guard text[at] == UInt8(ascii: ".") else { return false }
    at += 1
    let point = at
    while at < text.count, text[at] &- 0x30 <= 9 { at += 1 }
    return at == text.count && at > point && at - point <= 12 && text[at - 1] != 0x30
  }

  /// A canonical decimal string from 0 to 1.
  static func isFraction(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard isDecimal(text, wholeDigits: 1, allowsNegative: false) else { return false }
    return text[0] == 0x30 || (text.count == 1 && text[0] == 0x31)
  }

  /// W3C Trace Context, `traceparent`: `00-<32 hex>-<16 hex>-<2 hex>`, neither id all zeros; later versions may go on.
  static func isTraceparent(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count >= 55, text.count <= 128, text[2] == 0x2D, text[35] == 0x2D, text[52] == 0x2D else {
      return false
    }
    func part(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: text[range]) }
    let version = part(0..<2)
    let trace = part(3..<35)
    let parent = part(36..<52)
    guard isHexadecimal(version, 2), isHexadecimal(trace, 32), isHexadecimal(parent, 16),
      isHexadecimal(part(53..<55), 2), trace.contains(where: { $0 != 0x30 }), parent.contains(where: { $0 != 0x30 }),
      !version.elementsEqual("ff".utf8)
    else { return false }
    if text.count == 55 { return true }
    return !version.elementsEqual("00".utf8) && text[55] == 0x2D && isToken(part(55..<text.count), 128)
  }
}
