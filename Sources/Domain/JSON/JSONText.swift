/// Bytes of JSON strings: comparing, ordering, escaping, decoding.
enum JSONText {
  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let highs: UInt64 = 0x8080_8080_8080_8080

  @inline(__always) static func load(_ pointer: UnsafePointer<UInt8>) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(pointer).loadUnaligned(as: UInt64.self))
  }

  /// Marks (at the high bit, the lowest mark is exact) bytes of `word` below 0x20, `"`, `\`.
  @inline(__always) static func marksToEscape(_ word: UInt64) -> UInt64 {
    let quote = word ^ (ones &* 0x22)
    let backslash = word ^ (ones &* 0x5C)
    return ((quote &- ones) & ~quote | (backslash &- ones) & ~backslash | (word &- ones &* 0x20) & ~word) & highs
  }

  /// The same, and bytes from 0x80.
  @inline(__always) static func marksToStop(_ word: UInt64) -> UInt64 { marksToEscape(word) | word & highs }

  /// Same bytes; both pointers are valid for `count`, or count is 0.
  @inline(__always)
  static func equal(_ left: UnsafeRawPointer?, _ right: UnsafeRawPointer?, count: Int) -> Bool {
    guard count > 0, let left, let right else { return true }
    var at = 0
    while at + 8 <= count {
      if left.loadUnaligned(fromByteOffset: at, as: UInt64.self)
        != right.loadUnaligned(fromByteOffset: at, as: UInt64.self)
      {
        return false
      }
      at += 8
    }
    while at < count {
      if left.load(fromByteOffset: at, as: UInt8.self) != right.load(fromByteOffset: at, as: UInt8.self) {
        return false
      }
      at += 1
    }
    return true
  }

  /// Copies bytes, most often too few to be worth a call; answers where they end.
  @inline(__always)
  static func copy(
    _ bytes: UnsafeBufferPointer<UInt8>, to target: UnsafeMutablePointer<UInt8>
  ) -> UnsafeMutablePointer<UInt8> {
    guard let base = bytes.baseAddress else { return target }
    let (source, start) = (UnsafeRawPointer(base), UnsafeMutableRawPointer(target))
    if bytes.count > 16 || bytes.count < 4 {
      start.copyMemory(from: source, byteCount: bytes.count)
    } else if bytes.count >= 8 {
      // Both ends: they overlap in the middle.
      let end = bytes.count - 8
      let tail = source.loadUnaligned(fromByteOffset: end, as: UInt64.self)
      start.storeBytes(of: source.loadUnaligned(as: UInt64.self), as: UInt64.self)
      start.storeBytes(of: tail, toByteOffset: end, as: UInt64.self)
    } else {
      let end = bytes.count - 4
      let tail = source.loadUnaligned(fromByteOffset: end, as: UInt32.self)
      start.storeBytes(of: source.loadUnaligned(as: UInt32.self), as: UInt32.self)
      start.storeBytes(of: tail, toByteOffset: end, as: UInt32.self)
    }
    return target + bytes.count
  }

  /// Order by UTF-16 code units (RFC 8785, 3.2.3) of two UTF-8 texts: negative, 0 or positive.
  ///
  /// It is the order of the bytes, but that U+10000 and above (lead bytes from 0xF0) come before U+E000 to U+FFFF (lead
  /// bytes 0xEE and 0xEF).
  static func order(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Int {
    let shared = min(left.count, right.count)
    var at = 0
    while at < shared, left[at] == right[at] { at += 1 }
    if at == shared { return left.count - right.count }
    return rank(left[at]) - rank(right[at])
  }

  private static func rank(_ byte: UInt8) -> Int {
    byte >= 0xF0 ? Int(byte) - 2 : byte >= 0xEE ? Int(byte) + 0x10 : Int(byte)
  }

  /// The first eight bytes as a number whose order is the order of the texts, as long as both are ASCII.
  ///
  /// - Parameter readable: Bytes that may be read from its start on, where something stands behind it.
  @inline(__always)
  static func prefix(_ text: UnsafeBufferPointer<UInt8>, readable: Int = 0) -> UInt64 {
    guard let base = text.baseAddress else { return 0 }
    if text.count >= 8 { return load(base).byteSwapped }
    if readable >= 8 { return load(base).byteSwapped & ~(UInt64.max >> UInt64(8 * text.count)) }
    var prefix: UInt64 = 0
    for index in 0..<text.count { prefix |= UInt64(base[index]) << UInt64(56 - 8 * index) }
    return prefix
  }
  @inline(__always) static func isASCII(_ prefixes: UInt64) -> Bool { prefixes & highs == 0 }

  /// Appends a quoted string with RFC 8785's minimal escapes.
  static func appendQuoted(_ text: UnsafeBufferPointer<UInt8>, to output: inout some CanonicalSink) {
    output.append(0x22)
    appendEscaped(text, to: &output)
    output.append(0x22)
  }

  /// Appends what stands between the quotes.
  static func appendEscaped(_ text: UnsafeBufferPointer<UInt8>, to output: inout some CanonicalSink) {
    guard let base = text.baseAddress else { return }
    var copied = 0
    var at = 0
    while true {
      while at + 8 <= text.count {
        let marks = marksToEscape(load(base + at))
        if marks != 0 {
          at += marks.trailingZeroBitCount >> 3
          break
        }
        at += 8
      }
      while at < text.count, base[at] >= 0x20, base[at] != 0x22, base[at] != 0x5C { at += 1 }
      output.append(contentsOf: UnsafeBufferPointer(start: base + copied, count: at - copied))
      guard at < text.count else { return }
      appendEscape(base[at], to: &output)
      at += 1
      copied = at
    }
  }

  private static func appendEscape(_ byte: UInt8, to output: inout some CanonicalSink) {
    output.append(0x5C)
    switch byte {
    case 0x22, 0x5C: output.append(byte)
    case 0x08: output.append(UInt8(ascii: "b"))
    case 0x09: output.append(UInt8(ascii: "t"))
    case 0x0A: output.append(UInt8(ascii: "n"))
    case 0x0C: output.append(UInt8(ascii: "f"))
    case 0x0D: output.append(UInt8(ascii: "r"))
    default:
      // u001f: below a space the first digit is 0 or 1.
      output.append(UInt8(ascii: "u"))
      output.append(0x30)
      output.append(0x30)
      output.append(0x30 + byte >> 4)
      output.append(byte & 15 < 10 ? 0x30 + byte & 15 : 0x57 + byte & 15)
    }
  }

  /// Appends the decoded form of a scanned string's inside; a lone surrogate, which is a fault, becomes U+FFFD.
  static func decode(_ raw: UnsafeBufferPointer<UInt8>, into output: inout [UInt8]) {
    // Only for a fresh output: asking again and again for exactly what is needed would copy it all each time.
    if output.isEmpty { output.reserveCapacity(raw.count) }
    var at = 0
    while at < raw.count {
      guard raw[at] == 0x5C, at + 1 < raw.count else {
        output.append(raw[at])
        at += 1
        continue
      }
      let letter = raw[at + 1]
      at += 2
      switch letter {
      case UInt8(ascii: "b"): output.append(0x08)
      case UInt8(ascii: "t"): output.append(0x09)
      case UInt8(ascii: "n"): output.append(0x0A)
      case UInt8(ascii: "f"): output.append(0x0C)
      case UInt8(ascii: "r"): output.append(0x0D)
      case UInt8(ascii: "u"):
        var unit = hexadecimal(raw, at) ?? 0xFFFD
        at += 4
        if unit & 0xFC00 == 0xD800, at + 6 <= raw.count, raw[at] == 0x5C, raw[at + 1] == UInt8(ascii: "u"),
          let low = hexadecimal(raw, at + 2), low & 0xFC00 == 0xDC00
        {
          unit = 0x10000 + (unit & 0x3FF) << 10 + low & 0x3FF
          at += 6
        }
        output.append(contentsOf: Character(Unicode.Scalar(unit) ?? "\u{FFFD}").utf8)
      default: output.append(letter)
      }
    }
  }

  /// The value of four hexadecimal digits.
  @inline(__always) static func hexadecimal(_ text: UnsafeBufferPointer<UInt8>, _ at: Int) -> UInt32? {
    guard at + 4 <= text.count else { return nil }
    var value: UInt32 = 0
    for index in at..<at + 4 {
      switch text[index] {
      case 0x30...0x39: value = value << 4 | UInt32(text[index] - 0x30)
      case 0x41...0x46: value = value << 4 | UInt32(text[index] - 0x41 + 10)
      case 0x61...0x66: value = value << 4 | UInt32(text[index] - 0x61 + 10)
      default: return nil
      }
    }
    return value
  }
}
