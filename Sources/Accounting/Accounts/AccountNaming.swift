import Domain

/// How a tool wants accounts named. Both ways are injective: two accounts never get one name.
enum AccountNaming {
  /// hledger: bytes beyond letters, digits and `- _ . / + @ =` are written `%XX`.
  case hledger
  /// beancount: letters, digits and `-XX`, beginning with a capital or a digit.
  ///
  /// A name that begins with a small letter gets a capital; every other one that does not begin with a digit is set behind
  /// `X--`, which no other way leads to, as one dash is always followed by two hexadecimal digits.
  case beancount

  func appendName(of account: Account, to bytes: inout [UInt8]) {
    for (index, segment) in account.segments.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ":")) }
      switch segment {
      case .word(let word): bytes.append(contentsOf: word.utf8)
      case .name(let name): append(name, to: &bytes)
      }
    }
  }

  private func append(_ name: ExactText, to bytes: inout [UInt8]) {
    let text = Array(name.string.utf8)
    switch self {
    case .hledger:
      for (index, byte) in text.enumerated() {
        let isPlain = Self.isPlain(byte) && !(index == 0 && AccountSegment.reserved.contains(name))
        if isPlain { bytes.append(byte) } else { Self.escape(byte, mark: UInt8(ascii: "%"), to: &bytes) }
      }
      // A name is never empty in the catalogue; in a file of records it may be, and an account has no empty part.
      if text.isEmpty { bytes.append(contentsOf: "%".utf8) }
    case .beancount:
      var rest = text[...]
      if let first = rest.first, (0x61...0x7A).contains(first), !isReservedWhenCapital(text) {
        bytes.append(first - 0x20)
        rest.removeFirst()
      } else if rest.first.map({ $0 &- 0x30 > 9 }) ?? true {
        bytes.append(contentsOf: "X--".utf8)
      }
      for byte in rest {
        if Self.isAlphanumeric(byte) {
          bytes.append(byte)
        } else {
          Self.escape(byte, mark: UInt8(ascii: "-"), to: &bytes)
        }
      }
    }
  }

  private func isReservedWhenCapital(_ text: [UInt8]) -> Bool {
    AccountSegment.reserved.contains(ExactText(String(decoding: [text[0] - 0x20] + text[1...], as: UTF8.self)))
  }

  static func isAlphanumeric(_ byte: UInt8) -> Bool {
    byte &- 0x30 <= 9 || (byte | 0x20) &- 0x61 < 26
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte)
      || [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "+")]
        .contains(byte)
      || byte == UInt8(ascii: "@") || byte == UInt8(ascii: "=")
  }

  static func escape(_ byte: UInt8, mark: UInt8, to bytes: inout [UInt8]) {
    let digits: StaticString = "0123456789ABCDEF"
    bytes.append(mark)
    bytes.append(digits.utf8Start[Int(byte >> 4)])
    bytes.append(digits.utf8Start[Int(byte & 15)])
  }
}
