import Control
import Domain
import Testing

@Suite("Reversals")
struct EntryTests {
  private func recorded(_ type: String, position: Int64 = 7, derived: String? = #"{"posting_date": "2026-02-27"}"#)
    -> RecordedEvent
  {
    RecordedEvent(
      ledger: "main", position: position, id: "e1", source: "/s", type: type, typeVersion: 1, subject: "call/1",
      sequence: 1, occurredAt: TestLedger.start, recordedAt: TestLedger.start, actor: "k", actorKind: .service,
      data: Array(#"{"model": "m", "usage": {"input_tokens": 3}}"#.utf8), derived: derived.map { Array($0.utf8) },
      payloadHash: [UInt8](repeating: 0, count: 32))
  }

  private func decide(_ event: RecordedEvent?, sequence: Int64 = 0, by principal: Principal = .key("ann")) throws
    -> [PlannedEvent]
  {
    let context = CommandContext(
      principal: principal, now: TestLedger.start, freshID: "f", events: event.map { [7: $0] } ?? [:],
      sequences: ["entry/7": sequence], digest: { _ in "" })
    return try ControlState(ledger: "main").decide(.reverseEntry(position: 7, reason: "twice"), context)
  }

  private func refusal(_ body: () throws -> [PlannedEvent]) -> String? {
    do { _ = try body() } catch { return (error as? Refusal).map { "\($0.status) \($0.code)" } ?? "\(error)" }
    return nil
  }

  @Test("take along what they reverse and are posted to its day")
  func reverses() throws {
    for type in ["completion.recorded", "cost.incurred", "revenue.earned"] {
      let planned = try decide(recorded(type))
      #expect(planned.count == 1)
      #expect(planned[0].subject == "entry/7")
      #expect(planned[0].data == .object(["reverses": .integer(7), "reason": .text("twice")]))
      let derived = try #require(planned[0].derived)
      #expect(derived["posting_date"]?.string == "2026-02-27")
      #expect(derived["owner"]?.string == "ann")
      #expect(derived["reversed"]?["type"]?.string == type)
      #expect(derived["reversed"]?["position"]?.integer == 7)
      #expect(derived["reversed"]?["data"]?["usage"]?["input_tokens"]?.integer == 3)
      #expect(derived["reversed"]?["derived"]?["posting_date"]?.string == "2026-02-27")
    }
  }

  @Test("need an entry that can be reversed, once, and no agent")
  func refuses() {
    #expect(refusal { try decide(nil) } == "404 event-not-found")
    #expect(refusal { try decide(recorded("route.decided")) } == "422 not-reversible")
    #expect(refusal { try decide(recorded("entry.reversed")) } == "422 not-reversible")
    #expect(refusal { try decide(recorded("cost.incurred"), sequence: 1) } == "409 already-reversed")
    #expect(refusal { try decide(recorded("cost.incurred"), by: .key("ann", .agent)) } == "403 agent-may-not-loosen")
    #expect(refusal { try decide(recorded("cost.incurred"), by: .key("ann", .service)) } == nil)
  }

  @Test("of an entry without a posting date go to the day of its time in the ledger's zone")
  func withoutPostingDate() throws {
    let planned = try decide(recorded("cost.incurred", derived: nil))
    #expect(planned[0].derived?["posting_date"]?.string == "2026-03-01")
    #expect(planned[0].derived?["reversed"]?["derived"] == nil)
  }

  @Test("say which position and subject they must see")
  func needs() {
    let command = Command.reverseEntry(position: 7, reason: "")
    #expect(command.neededPositions == [7])
    #expect(command.neededSubjects == ["entry/7"])
    #expect(Command.listPrices([]).neededPositions.isEmpty)
  }
}
