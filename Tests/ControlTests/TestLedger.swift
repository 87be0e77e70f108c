import Control
import Crypto
import Domain
import Testing

/// A ledger in memory: runs commands through a state as the writer does, and keeps the events.
struct TestLedger {
  static let start = Timestamp(rfc3339: "2026-03-01T00:00:00Z")!

  var state: ControlState
  var now = TestLedger.start
  var zone = ReportingZone.utc
  private(set) var log: [AppliedEvent] = []
  /// What an erasure selects, as the writer would find it.
  var erasable = Erasable()
  private var freshIDs = 0

  init(ledger: String = "main") { state = ControlState(ledger: ledger) }

  /// A ledger with the owners `ann`, `ben`, `cid` and `dot`.
  static func withOwners(_ ledger: String = "system") throws -> TestLedger {
    var ledger = TestLedger(ledger: ledger)
    for owner in ["ann", "ben", "cid", "dot"] {
      try ledger.run(
        .addOwner(.object(["owner": .text(owner), "name": .text(owner.uppercased())])), by: .system)
    }
    return ledger
  }

  /// Lets what is due expire, decides and records; merged.
  @discardableResult
  mutating func run(_ command: Command, by principal: Principal) throws -> [PlannedEvent] {
    record(state.due(at: now), by: .system)
    freshIDs += 1
    let planned = try state.decide(command, context(principal, for: command))
    record(planned, by: principal)
    return planned
  }

  /// The code of the refusal; nil where the command is accepted.
  mutating func refusal(_ command: Command, by principal: Principal) -> String? {
    do {
      try run(command, by: principal)
      return nil
    } catch let refusal as Refusal {
      return "\(refusal.status) \(refusal.code)"
    } catch {
      return "\(error)"
    }
  }

  func context(_ principal: Principal, for command: Command? = nil) -> CommandContext {
    var sequences: [String: Int64] = [:]
    for event in log { sequences[event.subject, default: 0] += 1 }
    var context = CommandContext(
      principal: principal, now: now, freshID: "fresh-\(freshIDs)", zone: zone, sequences: sequences,
      digest: Self.digest)
    context.erasable = erasable
    guard let command else { return context }
    for event in log where command.neededPositions.contains(event.position) {
      context.events[event.position] = Self.recorded(event)
    }
    for event in log where command.neededSubjects.contains(event.subject) {
      context.lastEvents[event.subject] = Self.recorded(event)
    }
    if let claimed = state.claimedPosition(of: command), (1...state.position).contains(claimed) {
      context.roots[claimed] = Self.root(at: claimed)
    }
    return context
  }

  /// What stands for the root of the tree at a position.
  static func root(at position: Int64) -> String { digest(Array("root \(position)".utf8)) }

  private static func recorded(_ event: AppliedEvent) -> RecordedEvent {
    RecordedEvent(
      ledger: "main", position: event.position, id: "e\(event.position)", source: "/s", type: event.type,
      typeVersion: event.typeVersion, subject: event.subject, sequence: event.sequence, occurredAt: event.occurredAt,
      recordedAt: event.recordedAt, actor: event.actor, actorKind: event.actorKind, data: event.data.canonical,
      derived: event.derived?.canonical, payloadHash: [UInt8](repeating: 0, count: 32))
  }

  @Sendable static func digest(_ bytes: [UInt8]) -> String { Hex.string(SHA256Digest.hash(bytes)) }

  mutating func record(_ planned: [PlannedEvent], by principal: Principal) {
    for event in planned {
      checkAgainstCatalogue(event)
      let actor = event.bySystem ? Principal.system : principal
      let applied = AppliedEvent(
        position: state.position + 1, type: event.type, typeVersion: event.typeVersion, subject: event.subject,
        sequence: Int64(log.count { $0.subject == event.subject } + 1), occurredAt: now, recordedAt: now,
        actor: actor.key, actorKind: actor.kind, data: event.data, derived: event.derived)
      log.append(applied)
      state.apply(applied)
    }
    state.merge()
  }

  /// Applies and keeps an event that no command caused; merged.
  mutating func take(_ event: AppliedEvent) {
    log.append(event)
    state.apply(event)
    state.merge()
  }

  /// Every planned event is one that the catalogue takes.
  private func checkAgainstCatalogue(_ event: PlannedEvent) {
    #expect(throws: Never.self, "\(event.type)") {
      try EventDraft(
        planned: event.type, typeVersion: event.typeVersion, subject: event.subject, id: "command#1",
        source: "/daybook/commands/k", data: event.data)
    }
  }

  mutating func advance(hours: Int64) { now = Timestamp(microseconds: now.microseconds + hours * 3_600_000_000) }
}

extension Principal {
  /// A key of an owner; its id names both.
  static func key(_ owner: String, _ kind: ActorKind = .human, _ number: Int = 1) -> Principal {
    Principal(key: "\(owner)-\(kind)-\(number)", kind: kind, owner: owner, roles: Set(Role.allCases))
  }
}

/// SplitMix64: the same seed, the same history.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}

/// The body of a request for an approval.
func approvalRequest(
  kind: String = "action", risk: String? = nil, evidence: Int = 1, expires: Timestamp? = nil
) -> JSON {
  let item = JSON.object(["kind": .text("note"), "title": .text("why")])
  return .object([
    "kind": .text(kind), "change": .object(["do": .text("it")]),
    "reason_code": .text("test"),
    "risk": risk.map(JSON.text), "evidence": evidence == 0 ? nil : .array(Array(repeating: item, count: evidence)),
    "expires_at": expires.map { .text($0.description) },
  ])
}

extension Command {
  /// A list of prices, as the interface asks for it.
  static func listPrices(_ prices: [JSON], hold: Bool? = nil) -> Command {
    let body = JSON.object(["prices": .array(prices), "hold": hold.map(JSON.boolean)])
    return .change(
      Change(operation: .listPrices, subject: "price-list", body: body), terms: nil, breakGlass: nil)
  }
}
