import Domain
import Testing

@testable import Control

@Suite("An erasure")
struct ErasureTests {
  static func change(_ members: KeyValuePairs<String, JSON?> = ["subject": .text("call/1")]) -> Change {
    var body = JSON.object([
      "erasure": .text("e1"), "reason": .text("asked for"), "legal_basis": .text("GDPR Art. 17(1)(b)"),
    ])
    for (name, value) in members { body[name] = value }
    return Change(operation: .eraseData, subject: "erasure/e1", body: body)
  }

  static let token = "p_AAAAAAAAAAAAAAAAAAAAAA"

  static func event(_ position: Int64, _ subject: String = "call/1", persons: [String: String] = [:]) -> ErasableEvent
  {
    let tokens = Dictionary(uniqueKeysWithValues: persons.map { (ExactText($0.key), JSON.text($0.value)) })
    return ErasableEvent(position: position, subject: subject, recordedAt: TestLedger.start, persons: .object(tokens))
  }

  private static func ledger(_ events: [ErasableEvent] = [event(3), event(5)]) throws -> ChangeLedger {
    var ledger = try ChangeLedger()
    ledger.routing.ledger.erasable = Erasable(events: events, isPersonKnown: true)
    return ledger
  }

  @Test("is made by another owner's grant, in the same commit, of what is there then")
  func granted() throws {
    var ledger = try Self.ledger()
    let id = try ledger.asked(Self.change())
    #expect(ledger.grant(id, by: .key("ann")) == "403 same-owner")
    #expect(ledger.grant(id, by: .key("ben", .agent)) == "403 human-required")
    // What came meanwhile is erased too.
    ledger.routing.ledger.erasable.events.append(Self.event(40))
    let events = try ledger.routing.ledger.run(.grantApproval(id: id, reason: "seen"), by: .key("ben"))
    #expect(events.map(\.type) == ["approval.granted", "payload.erased", "approval.consumed"])
    let erased = events[1]
    #expect(erased.subject == "erasure/e1")
    #expect(erased.data["positions"] == .array([.integer(3), .integer(5), .integer(40)]))
    #expect(erased.data["reason"] == .text("asked for") && erased.data["by"] == .text("subject"))
    #expect(erased.data["legal_basis"] == .text("GDPR Art. 17(1)(b)") && erased.data["forgotten"] == nil)
    #expect(erased.derived?["owner"] == .text("ben") && erased.derived?["requested_by_owner"] == .text("ann"))
    #expect(erased.derived?["approval"] == .text(id))
  }

  @Test("is refused to whoever breaks the glass, and before the ledger is open")
  func alone() throws {
    var ledger = try Self.ledger()
    #expect(ledger.refusal(Self.change(), breakGlass: "alone") == "403 second-owner-required")
    var fresh = TestLedger()
    fresh.erasable = Erasable(events: [Self.event(1)])
    let command = Command.change(Self.change(), terms: nil, breakGlass: nil)
    #expect(fresh.refusal(command, by: .key("ann")) == "409 ledger-not-open")
  }

  @Test("is refused where nothing is selected, or too much, when it is asked for and when it is granted")
  func bounds() throws {
    var ledger = try Self.ledger([])
    ledger.routing.ledger.erasable.isPersonKnown = false
    #expect(ledger.refusal(Self.change()) == "404 nothing-to-erase")
    let person = Self.change(["person": .text(Self.token), "kind": .text("user")])
    #expect(ledger.refusal(person) == "404 nothing-to-erase")
    ledger.routing.ledger.erasable.events = (1...Int64(ControlState.erasedAtOnce) + 1).map { Self.event($0) }
    #expect(ledger.refusal(Self.change()) == "422 too-much-to-erase")
    ledger.routing.ledger.erasable.events = [Self.event(1)]
    let id = try ledger.asked(Self.change())
    ledger.routing.ledger.erasable = Erasable()
    #expect(ledger.grant(id, by: .key("ben")) == "409 approval-stale")
  }

  @Test("of a person forgets the person and the sessions, but not where it ends at a moment")
  func forgets() throws {
    let sessions = ["p_BBBBBBBBBBBBBBBBBBBBBB", "p_CCCCCCCCCCCCCCCCCCCCCC"]
    let events = [
      Self.event(1, persons: ["/user": Self.token, "/session": sessions[0]]),
      Self.event(2, persons: ["user": Self.token, "session": sessions[1]]),
      Self.event(
        3, persons: ["/user": Self.token, "/session": sessions[0], "/customer": "p_DDDDDDDDDDDDDDDDDDDDDD"]),
    ]
    for before: JSON? in [nil, .text("2027-01-01T00:00:00Z")] {
      var ledger = try Self.ledger(events)
      let change = Self.change([
        "subject": nil, "person": .text(Self.token), "kind": .text("user"), "before": before,
      ])
      let id = try ledger.asked(change)
      let planned = try ledger.routing.ledger.run(.grantApproval(id: id, reason: "seen"), by: .key("ben"))
      let erased = try #require(planned.first { $0.type == "payload.erased" })
      let forgotten = ([Self.token] + sessions).map(JSON.text)
      #expect(erased.data["forgotten"] == (before == nil ? .array(forgotten) : nil))
      #expect(erased.derived?["person"] == .text(Self.token))
      // Whoever restores an export forgets every token that stands in the data.
      #expect(before == nil || !String(decoding: erased.data.canonical, as: UTF8.self).contains("p_"))
    }
  }

  @Test("that does not fit one event takes several, each position in one of them, each event within its bound")
  func parts() throws {
    var random = SeededGenerator(seed: 20_260_303)
    for count in [1, 3_000, 20_000] {
      var position: Int64 = 0
      let events = (0..<count).map { index in
        position += Int64.random(in: 1...1_000_000, using: &random)
        let session = "p_" + String(repeating: "s", count: 17) + String(10_000 + index % 15_000)
        return Self.event(position, persons: ["/user": Self.token, "/session": session])
      }
      var ledger = try Self.ledger(events)
      // The longest texts that a request takes, in their longest form.
      let change = Self.change([
        "subject": nil, "person": .text(Self.token), "kind": .text("user"),
        "reason": .text(String(repeating: "\u{1}", count: 2_000)),
        "legal_basis": .text(String(repeating: "\u{1}", count: 500)),
      ])
      let id = try ledger.asked(change)
      let planned = try ledger.routing.ledger.run(.grantApproval(id: id, reason: "seen"), by: .key("ben"))
      let erased = planned.filter { $0.type == "payload.erased" }
      #expect((erased.count > 1) == (count > 1))
      #expect(
        erased.flatMap { ($0.data["positions"]?.elements ?? []).compactMap(\.integer) } == events.map(\.position))
      let forgotten = erased.flatMap { ($0.data["forgotten"]?.elements ?? []).compactMap(\.string) }
      #expect(Set(forgotten).count == forgotten.count && forgotten.count == min(count, 15_000) + 1)
      for (index, event) in erased.enumerated() {
        #expect(event.data.canonical.count <= Catalogue.dataBytes)
        #expect(event.data["part"]?.integer == Int64(index + 1))
        #expect(event.data["parts"]?.integer == Int64(erased.count))
      }
    }
  }
}
