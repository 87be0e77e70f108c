import Control
import Domain
import Log
import Postgres
import Service

/// A ledger with a random history, its erasures, and an own account of what they must empty.
struct ErasedHistory {
  let ledger: DecidingLedger
  private var random: SplitMix
  private var count = 0
  /// Who is named by the events, as they were sent: position, subject and names.
  private var mentions: [(position: Int64, subject: String, names: Set<String>)] = []
  /// The positions that erasures have emptied.
  private(set) var erased: Set<Int64> = []
  /// How many were granted.
  private(set) var erasures = 0

  /// The same seed, the same history.
  init(_ settings: ConnectionSettings, seed: UInt64) async throws {
    ledger = try await DecidingLedger(settings)
    random = SplitMix(state: seed)
  }

  /// Whom the history names.
  static let names = (0..<4).map { "user-\($0) Łukasz" }

  func head() async throws -> Int64 { try await ledger.writer.look { $0.position } }

  /// Something happens: a call, a note, a payment, a stop.
  mutating func step() async throws {
    count += 1
    let user = Self.names.randomElement(using: &random)!
    let session = "\(user), session \(Int.random(in: 0...2, using: &random))"
    switch Int.random(in: 0..<10, using: &random) {
    case 0..<3:
      let event = try await ledger.decide("call-\(count)", user: user, tokens: 10)
      note(event.position, event.subject, [user])
    case 3..<7:
      try await append("completion.recorded", "call/\(count % 9)", Self.completion(user, session), [user, session])
    case 7:
      let note = JSON.object(["n": .integer(1), "personal": .object(["name": .text(user)])])
      try await append("x.shop.note", "note/\(count % 3)", note, [])
    case 8:
      let revenue = JSON.object([
        "revenue": .object(["amount": .text("1.5"), "currency": .text("USD")]), "strategy": .text("s"),
        "customer": .text(user), "earned_at": .text("2026-02-03T00:00:00Z"),
      ])
      try await append("revenue.earned", "revenue/\(count)", revenue, ["customer \(user)"])
    default:
      let stop = Command.activateKillSwitch(scope: ExactText("user/\(user)"), reason: "test", triggeredBy: "api")
      _ = try? await ledger.run(stop)
    }
  }

  private mutating func append(_ type: String, _ subject: String, _ data: JSON, _ names: Set<String>) async throws {
    let draft = try EventDraft(planned: type, subject: subject, id: "event-\(count)", source: "/test", data: data)
    let answer = try await ledger.writer.append([draft], by: DecidingLedger.service, bytes: 10)
    note(answer.receipts[0].position, subject, names)
  }

  private mutating func note(_ position: Int64, _ subject: String, _ names: Set<String>) {
    mentions.append((position, subject, names))
  }

  private static func completion(_ user: String, _ session: String) -> JSON {
    .object([
      "operation": .text("chat"), "model": .text("m-a"), "provider": .text("p"), "attempt": .integer(1),
      "status": .text("ok"), "usage_source": .text("provider"), "latency_ms": .integer(10), "user": .text(user),
      "session": .text(session), "tags": .object(["who": .text(user)]), "response_id": .text("r-\(user)"),
      "raw_usage": .object(["user": .text(user)]),
      "usage": .object(["input_tokens": .integer(90), "output_tokens": .integer(90)]),
    ])
  }

  /// Somebody asks for a random erasure, and another owner grants it; where there is nothing to erase, nothing happens.
  mutating func erase() async throws {
    switch Int.random(in: 0..<3, using: &random) {
    case 0: try await erase(user: Self.names.randomElement(using: &random)!)
    case 1:
      let subject = mentions.randomElement(using: &random)!.subject
      try await erase(["subject": .text(subject)]) { $0.subject == subject }
    default:
      let chosen = Set((0..<3).map { _ in mentions.randomElement(using: &random)!.position })
      let positions = JSON.array(chosen.sorted().map(JSON.integer))
      try await erase(["positions": positions]) { chosen.contains($0.position) }
    }
  }

  /// Erases a user by name.
  mutating func erase(user: String) async throws {
    try await erase(["user": .text(user)]) { $0.names.contains(user) }
  }

  private mutating func erase(
    _ selector: KeyValuePairs<String, JSON?>,
    _ isSelected: ((position: Int64, subject: String, names: Set<String>)) -> Bool
  ) async throws {
    count += 1
    var body = JSON.object([
      "erasure": .text("erasure-\(count)"), "reason": .text("asked for"), "legal_basis": .text("a law"),
    ])
    for (name, value) in selector { body[name] = value }
    let change = Change(operation: .eraseData, subject: "erasure/erasure-\(count)", body: body)
    let asked: AppendAnswer
    do { asked = try await ledger.run(.change(change, terms: nil, breakGlass: nil)) } catch let error as WriteError {
      guard case .refused(let refusal) = error.code, refusal.code == "nothing-to-erase" else { throw error }
      return
    }
    let approval = String(asked.events[0].subject.dropFirst("approval/".count))
    try await ledger.run(.grantApproval(id: approval, reason: "seen"), by: DecidingLedger.approver)
    erasures += 1
    for mention in mentions where isSelected(mention) { erased.insert(mention.position) }
  }
}

/// SplitMix64: the same seed, the same history.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
