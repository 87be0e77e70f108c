extension JSONScanner {
  /// Scans the string whose opening quote is at `at`.
  mutating func string() throws(Stop) {
    let start = at
    at += 1
    var flags = JSONNode.canonical
    while true {
      while at + 8 <= count {
        let marks = JSONText.marksToStop(JSONText.load(bytes + at))
        if marks != 0 {
          at += marks.trailingZeroBitCount >> 3
          break
        }
        at += 8
      }
      guard at < count else { throw stop("syntax") }
      let byte = bytes[at]
      if byte == 0x22 {
        at += 1
        append(.string, flags, from: start, to: at)
        return
      } else if byte == 0x5C {
        try escape(&flags)
      } else if byte < 0x20 {
        flags = flags & ~JSONNode.canonical | JSONNode.faulty
        try mark("control-character", at: at)
        at += 1
      } else if byte < 0x80 {
        at += 1
      } else {
        try multibyte()
      }
    }
  }

  /// Passes one character beyond ASCII; the well-formed sequences of Unicode's table 3-7.
  @inline(__always) private mutating func multibyte() throws(Stop) {
    let lead = bytes[at]
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch lead {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: length = 4
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: throw stop("utf8")
    }
    guard at + length <= count, second.contains(bytes[at + 1]) else { throw stop("utf8") }
    for index in 2..<max(length, 2) where bytes[at + index] & 0xC0 != 0x80 { throw stop("utf8") }
    at += length
  }

  /// Passes the escape whose backslash is at `at`.
  private mutating func escape(_ flags: inout UInt32) throws(Stop) {
    flags |= JSONNode.escaped
    guard at + 1 < count else {
      at = count
      throw stop("syntax")
    }
    switch bytes[at + 1] {
    case 0x22, 0x5C, UInt8(ascii: "b"), UInt8(ascii: "t"), UInt8(ascii: "n"), UInt8(ascii: "f"), UInt8(ascii: "r"):
      at += 2
    case UInt8(ascii: "/"):
      flags &= ~JSONNode.canonical
      at += 2
    case UInt8(ascii: "u"): try unicodeEscape(&flags)
    default: throw stop("syntax")
    }
  }

  private mutating func unicodeEscape(_ flags: inout UInt32) throws(Stop) {
    let text = UnsafeBufferPointer(start: bytes, count: count)
    guard let unit = JSONText.hexadecimal(text, at + 2) else { throw stop("syntax") }
    if !isMinimalEscape(unit) { flags &= ~JSONNode.canonical }
    var length = 6
    if unit == 0 {
      flags |= JSONNode.faulty
      try mark("nul", at: at)
    } else if unit & 0xF800 == 0xD800 {
      if unit & 0x0400 == 0, at + 7 < count, bytes[at + 6] == 0x5C, bytes[at + 7] == UInt8(ascii: "u"),
        let low = JSONText.hexadecimal(text, at + 8), low & 0xFC00 == 0xDC00
      {
        length = 12
      } else {
        flags |= JSONNode.faulty
        try mark("lone-surrogate", at: at)
      }
    }
    at += length
  }

  /// A control character without a short escape, in lower-case digits (RFC 8785, 3.2.2.2).
  private func isMinimalEscape(_ unit: UInt32) -> Bool {
    guard unit < 0x20, ![0x08, 0x09, 0x0A, 0x0C, 0x0D].contains(unit) else { return false }
    return !(0x41...0x46).contains(bytes[at + 5])
  }

  /// Scans the number at `at`.
  mutating func number() throws(Stop) {
    let start = at
    if bytes[at] == UInt8(ascii: "-") { at += 1 }
    let first = at
    var magnitude: UInt64 = 0
    while at < count, bytes[at] &- 0x30 < 10 {
      // Beyond sixteen digits only the length matters.
      if at - first < 17 { magnitude = magnitude &* 10 &+ UInt64(bytes[at] &- 0x30) }
      at += 1
    }
    guard at > first else { throw stop("syntax") }
    let isFloat = try fraction()
    let code: String? =
      isFloat
      ? "float"
      : bytes[first] == 0x30 && at - first > 1
        ? "leading-zero"
        : bytes[first] == 0x30 && first > start
          ? "negative-zero" : at - first > 16 || magnitude > 9_007_199_254_740_991 ? "integer-range" : nil
    append(.integer, code == nil ? JSONNode.canonical : JSONNode.faulty, from: start, to: at)
    if let code { try mark(code, at: start) }
  }

  /// Passes a fraction and an exponent; true where there was one.
  @inline(__always) private mutating func fraction() throws(Stop) -> Bool {
    guard at < count, bytes[at] == UInt8(ascii: ".") || bytes[at] | 0x20 == UInt8(ascii: "e") else { return false }
    if bytes[at] == UInt8(ascii: ".") {
      at += 1
      try digits()
    }
    if at < count, bytes[at] | 0x20 == UInt8(ascii: "e") {
      at += 1
      if at < count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
      try digits()
    }
    return true
  }

  private mutating func digits() throws(Stop) {
    let start = at
    while at < count, bytes[at] &- 0x30 < 10 { at += 1 }
    guard at > start else { throw stop("syntax") }
  }
}
