import Crypto
import Domain
import Integrity

@testable import Exports

/// Made-up logs with right hashes: every type of the catalogue, users' own types, persons, unicode, odd shapes.
struct SampleLog {
  private var random: SeededGenerator
  private var sequences: [String: Int64] = [:]
  private var recordedAt = Timestamp(microseconds: 1_763_000_000_000_000)
  private var position: Int64 = 0

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  static func events(_ count: Int, seed: UInt64) -> [RecordedEvent] {
    var log = SampleLog(seed: seed)
    return (0..<count).map { _ in log.next() }
  }

  private static let types = Catalogue.standard.types.map(\.name) + ["x.shop.note", "x.ünïcode", "x.a"]
  private static let texts = [
    "", "deepseek", "a b", "*", "\"quoted\" \\ back", "line\nbreak\ttab", "grüße 🚀 \u{10FFFF}", "e\u{301}", "é",
    "\u{7F}\u{1}",
    "0.0000031185", "0.5", "10", "00", "-1", "2023-11-16T18:15:46.680590Z", "2023-11-16T18:15:46Z", "p_x",
  ]

  mutating func next() -> RecordedEvent {
    position += 1
    if Int.random(in: 0..<5, using: &random) > 0 {
      recordedAt = recordedAt.advanced(byMicroseconds: .random(in: 0...5_000_000, using: &random))
    }
    let subject = "call/\(Int.random(in: 0..<40, using: &random))"
    sequences[subject, default: 0] += 1
    let hasPersonal = Bool.random(using: &random)
    let user = "user-\(Int.random(in: 0..<9, using: &random))"
    let personal = JSON.object(["/user": .text(user), "/tags": .object(["k": .text(text())])]).canonical
    let salt = (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
    let token = Self.token(user)
    let derived: JSON? =
      hasPersonal
      ? .object(["persons": .object(["/user": .text(token)]), "cost": .text("0.000001")])
      : Bool.random(using: &random) ? .object(["posting_date": .text("2023-11-16")]) : nil
    return Self.event(
      position: position, type: Self.types.randomElement(using: &random)!, subject: subject,
      sequence: sequences[subject]!, recordedAt: recordedAt, data: object(depth: 3), derived: derived,
      personal: hasPersonal ? personal : nil, salt: hasPersonal ? salt : nil,
      id: Bool.random(using: &random) ? UUIDv7.text(position, &random) : "\(position)\"\\x",
      occurredAt: recordedAt.advanced(bySeconds: .random(in: -900_000...0, using: &random)),
      correlationID: Int.random(in: 0..<4, using: &random) == 0 ? "c \(position)" : nil)
  }

  /// A token of the ledger's form that is the same for the same user.
  static func token(_ user: String) -> String { "p_" + Hex.string(SHA256Digest.hash(Array(user.utf8))).prefix(22) }

  static func event(
    position: Int64, type: String, subject: String, sequence: Int64, recordedAt: Timestamp, data: JSON,
    derived: JSON? = nil, personal: [UInt8]? = nil, salt: [UInt8]? = nil, id: String, occurredAt: Timestamp,
    correlationID: String? = nil
  ) -> RecordedEvent {
    let hash = personal.map { EventHash.personal(salt: salt ?? [], personal: $0) }
    let canonical = data.canonical
    return RecordedEvent(
      ledger: "main", position: position, id: id, source: "/sample", type: type, typeVersion: 1, subject: subject,
      sequence: sequence, occurredAt: occurredAt, recordedAt: recordedAt, actor: "service000001", actorKind: .service,
      correlationID: correlationID, data: canonical, personal: personal, salt: salt, personalHash: hash,
      derived: derived?.canonical,
      payloadHash: EventHash.payload(data: canonical, derived: derived?.canonical, personalHash: hash))
  }

  private mutating func text() -> String { Self.texts.randomElement(using: &random)! }

  private mutating func object(depth: Int) -> JSON {
    var members: [ExactText: JSON] = [:]
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      members[ExactText("k\(Int.random(in: 0..<6, using: &random))" + (depth == 3 ? "" : text()))] = value(
        depth: depth)
    }
    return .object(members)
  }

  private mutating func value(depth: Int) -> JSON {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &random) {
    case 0: .null
    case 1: .boolean(.random(using: &random))
    case 2: .integer(.random(in: -9_007_199_254_740_991...9_007_199_254_740_991, using: &random))
    case 3: .integer(.random(in: 0...4000, using: &random))
    case 4, 5: .text(text())
    case 6: .array((0..<Int.random(in: 0...3, using: &random)).map { _ in value(depth: depth - 1) })
    default: object(depth: depth - 1)
    }
  }
}

/// UUIDs in the order of their making.
enum UUIDv7 {
  static func text(_ number: Int64, _ random: inout SeededGenerator) -> String {
    let hex = Array(String(UInt64.random(in: 1 << 60...UInt64.max, using: &random), radix: 16))
    let time = String(0x18B_CFE5_6800 + number, radix: 16)
    let whole = String(repeating: "0", count: 12 - time.count) + time
    return
      "\(whole.prefix(8))-\(whole.suffix(4))-7\(String(hex[0..<3]))-8\(String(hex[3..<6]))-\(String(hex[4..<16]))"
  }
}

/// SplitMix64: the same sequence for the same seed.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
