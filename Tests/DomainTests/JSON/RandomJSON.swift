import Domain

/// SplitMix64: reproducible from a printed seed.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// Random JSON values, random spellings of them, and a slow canonical writer that shares nothing with the real ones.
enum RandomJSON {
  private static let scalars: [Unicode.Scalar] = Array(
    "abcXYZ019 _-~/\"\\\u{1}\u{8}\u{9}\u{A}\u{C}\u{D}\u{1F}\u{7F}\u{80}éö€\u{301}\u{FB33}\u{E000}\u{FFFD}\u{FFFF}\u{10000}😀\u{10FFFF}"
      .unicodeScalars)

  static func text(_ random: inout SeededRandom) -> String {
    var text = ""
    for _ in 0..<Int.random(in: 0...12, using: &random) {
      text.unicodeScalars.append(scalars.randomElement(using: &random) ?? "a")
    }
    return text
  }

  static func value(depth: Int, _ random: inout SeededRandom) -> JSON {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &random) {
    case 0: return .null
    case 1: return .boolean(Bool.random(using: &random))
    case 2:
      let bits = Int.random(in: 0...53, using: &random)
      let bound = Int64(1) << Int64(bits) - 1
      return .integer(Int64.random(in: -bound...bound, using: &random))
    case 3, 4: return .text(text(&random))
    case 5: return .array((0..<Int.random(in: 0...5, using: &random)).map { _ in value(depth: depth - 1, &random) })
    default:
      var members: [ExactText: JSON] = [:]
      for _ in 0..<Int.random(in: 0...Int.random(in: 0...40, using: &random), using: &random) {
        members[ExactText(text(&random))] = value(depth: depth - 1, &random)
      }
      return .object(members)
    }
  }

  static func spell(_ value: JSON, _ random: inout SeededRandom) -> String {
    let isLoose = Bool.random(using: &random)
    return spell(value, isLoose, &random)
  }

  private static func spell(_ value: JSON, _ isLoose: Bool, _ random: inout SeededRandom) -> String {
    func space() -> String {
      isLoose && Int.random(in: 0..<4, using: &random) == 0 ? [" ", "\n", "\t "].randomElement()! : ""
    }
    switch value {
    case .array(let values):
      var parts: [String] = []
      for value in values { parts.append(space() + spell(value, isLoose, &random) + space()) }
      return "[" + parts.joined(separator: ",") + (values.isEmpty ? space() : "") + "]"
    case .object(let members):
      var pairs = members.sorted { Array($0.key.string.utf16).lexicographicallyPrecedes(Array($1.key.string.utf16)) }
      if isLoose { pairs.shuffle(using: &random) }
      var parts: [String] = []
      for (key, value) in pairs {
        parts.append(
          space() + quote(key.string, isLoose, &random) + space() + ":" + space() + spell(value, isLoose, &random)
            + space())
      }
      return "{" + parts.joined(separator: ",") + "}"
    case .string(let text): return quote(text.string, isLoose, &random)
    default: return oracle(value)
    }
  }

  private static func quote(_ text: String, _ isLoose: Bool, _ random: inout SeededRandom) -> String {
    guard isLoose else { return oracle(.text(text)) }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      if Int.random(in: 0..<5, using: &random) == 0 {
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16, uppercase: Bool.random(using: &random))
          quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      } else if scalar == "/" {
        quoted += "\\/"
      } else {
        let plain = oracle(.text(String(scalar)))
        quoted.unicodeScalars.append(contentsOf: plain.unicodeScalars.dropFirst().dropLast())
      }
    }
    return quoted + "\""
  }

  static func oracle(_ value: JSON) -> String {
    switch value {
    case .null: return "null"
    case .boolean(let flag): return flag ? "true" : "false"
    case .integer(let number): return String(number)
    case .string(let text):
      let short: [Unicode.Scalar: String] = [
        "\"": "\\\"", "\\": "\\\\", "\u{8}": "\\b", "\u{9}": "\\t", "\u{A}": "\\n", "\u{C}": "\\f", "\u{D}": "\\r",
      ]
      var quoted = "\""
      for scalar in text.string.unicodeScalars {
        if let escape = short[scalar] {
          quoted += escape
        } else if scalar.value < 0x20 {
          quoted += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
        } else {
          quoted.unicodeScalars.append(scalar)
        }
      }
      return quoted + "\""
    case .array(let values): return "[" + values.map(oracle).joined(separator: ",") + "]"
    case .object(let members):
      let sorted = members.sorted { Array($0.key.string.utf16).lexicographicallyPrecedes(Array($1.key.string.utf16)) }
      return "{" + sorted.map { oracle(.string($0.key)) + ":" + oracle($0.value) }.joined(separator: ",") + "}"
    }
  }
}
