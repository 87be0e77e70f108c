import Domain
import Testing

@testable import Control

@Suite("A hold")
struct HoldTests {
  private static func hold(_ id: String = "h", _ members: KeyValuePairs<String, JSON?> = [:]) -> Command {
    var body = JSON.object(["hold": .text(id), "reason": .text("litigation")])
    for (name, value) in members { body[name] = value }
    return .placeHold(body)
  }

  private static let release = Change(
    operation: .releaseHold, subject: "hold/h", body: .object(["hold": .text("h"), "reason": .text("settled")]))
  private static let token = ErasureTests.token

  private static func ledger() throws -> ChangeLedger {
    var ledger = try ChangeLedger()
    ledger.routing.ledger.erasable = Erasable(
      events: [
        ErasureTests.event(3, persons: ["/user": token]),
        ErasureTests.event(5, "call/2", persons: ["/user": "p_ZZZZZZZZZZZZZZZZZZZZZZ"]),
      ], isPersonKnown: true)
    return ledger
  }

  /// What is held, and whether an erasure of positions 3 (call/1, of the token) and 5 (call/2) is refused.
  static let matchers: [(members: [(String, JSON)], refuses: Bool)] = [
    ([], true), ([("subject", .text("call/2"))], true), ([("subject", .text("call/9"))], false),
    ([("person", .text(token)), ("kind", .text("user"))], true),
    ([("person", .text("p_YYYYYYYYYYYYYYYYYYYYYY"))], false),
    ([("person", .text(token)), ("subject", .text("call/2"))], false),
    ([("from", .text("2026-03-01T00:00:00Z"))], true), ([("from", .text("2026-03-01T00:00:01Z"))], false),
    ([("until", .text("2026-03-01T00:00:00Z"))], false), ([("until", .text("2026-03-01T00:00:01Z"))], true),
  ]

  @Test("refuses the erasure of an event that it matches, and no other", arguments: matchers)
  func matches(members: [(String, JSON)], refuses: Bool) throws {
    var ledger = try Self.ledger()
    let before = try ledger.asked(ErasureTests.change())
    var body = JSON.object(["hold": .text("h"), "reason": .text("litigation")])
    for (name, value) in members { body[name] = value }
    #expect(try ledger.types(.placeHold(body), by: .key("cid")) == ["hold.placed"])
    // What was asked for before the hold is refused when it is granted.
    #expect(ledger.grant(before, by: .key("ben")) == (refuses ? "409 approval-stale" : nil))
    var other = ErasureTests.change()
    other.body["erasure"] = .text("e2")
    other.subject = "erasure/e2"
    #expect(ledger.refusal(other) == (refuses ? "409 erasure-held" : nil))
  }

  @Test("on a person keeps the name, though no event is left to erase")
  func name() throws {
    var ledger = try Self.ledger()
    ledger.routing.ledger.erasable.events = []
    let erasure = ErasureTests.change(["subject": nil, "person": .text(Self.token), "kind": .text("user")])
    #expect(ledger.refusal(Self.hold("h", ["person": .text(Self.token)]), by: .key("cid")) == nil)
    #expect(ledger.refusal(erasure) == "409 erasure-held")
  }

  @Test("is placed by one person, and released by two")
  func release() throws {
    var ledger = try Self.ledger()
    #expect(ledger.refusal(Self.hold(), by: .key("ann", .agent)) == "403 human-required")
    #expect(ledger.refusal(Self.hold(), by: .key("ann", .service)) == "403 human-required")
    #expect(ledger.refusal(Self.release) == "404 hold-not-found")
    #expect(ledger.refusal(Self.hold(), by: .key("ann")) == nil)
    #expect(ledger.refusal(Self.hold(), by: .key("ben")) == "409 hold-exists")
    let empty = Self.hold(
      "g", ["from": .text("2026-01-02T00:00:00Z"), "until": .text("2026-01-02T00:00:00Z")])
    #expect(ledger.refusal(empty, by: .key("ann")) == "422 empty-hold")
    let id = try ledger.asked(Self.release)
    #expect(ledger.refusal(ErasureTests.change()) == "409 erasure-held")
    #expect(ledger.grant(id, by: .key("ann")) == "403 same-owner")
    #expect(try ledger.types(.grantApproval(id: id, reason: "r"), by: .key("ben")).contains("hold.released"))
    #expect(ledger.refusal(ErasureTests.change()) == nil)
    // The id may be used again.
    #expect(ledger.refusal(Self.hold(), by: .key("ann")) == nil)
  }

  @Test("stands in the snapshot as it was placed")
  func snapshot() throws {
    var ledger = try Self.ledger()
    let all: KeyValuePairs<String, JSON?> = [
      "subject": .text("call/1"), "person": .text(Self.token), "kind": .text("customer"),
      "from": .text("2026-01-01T00:00:00Z"), "until": .text("2026-01-02T00:00:00Z"),
    ]
    #expect(ledger.refusal(Self.hold("full", all), by: .key("ann")) == nil)
    #expect(ledger.refusal(Self.hold("bare"), by: .key("ann")) == nil)
    let copy = try ControlState(snapshot: ledger.state.snapshot())
    #expect(copy.activeHolds == ledger.state.activeHolds && copy.activeHolds.map(\.id) == ["bare", "full"])
    #expect(copy.snapshot() == ledger.state.snapshot())
    #expect(copy.activeHolds[1].person == .init(kind: "customer", token: Self.token))
  }
}
