/// Finds the tokens of persons in JSON texts: `p_` and 22 letters or digits.
enum PersonToken {
  private static let length = 24

  static func tokens(in text: [UInt8]) -> [String] {
    var tokens: [String] = []
    var at = 0
    while at + length <= text.count {
      guard text[at] == UInt8(ascii: "p"), text[at + 1] == UInt8(ascii: "_"), at == 0 || !isPart(text[at - 1]) else {
        at += 1
        continue
      }
      let end = at + length
      if text[at + 2..<end].allSatisfy(isPart), end == text.count || !isPart(text[end]) {
        tokens.append(String(decoding: text[at..<end], as: UTF8.self))
      }
      at += 2
    }
    return tokens
  }

  private static func isPart(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"): true
    default: false
    }
  }
}
