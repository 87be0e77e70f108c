import Control
import Domain
import Testing

@Suite("Leave to decide")
struct StandingTests {
  /// A ledger with a standing approval of the route `high`, up to 100 USD.
  private func ledger(_ change: Change = .standing()) throws -> (ChangeLedger, String) {
    var ledger = try ChangeLedger()
    _ = ledger.refusal(.deactivation("model/m1"), breakGlass: "alone")
    let id = try ledger.asked(change)
    #expect(ledger.grant(id, by: .key("ben")) == nil)
    #expect(ledger.state.approval(id)?.state == .requested)
    #expect(ledger.grant(id, by: .key("cid")) == nil)
    #expect(ledger.state.approval(id)?.state == .granted)
    return (ledger, id)
  }

  @Test("that stands is used again and again, until its end")
  func untilTheEnd() throws {
    var (ledger, id) = try ledger()
    for _ in 0..<2 {
      let decision = try ledger.routing.decide(["operation": .text("high")])
      #expect(decision.outcome == "allowed" && decision.approval == id, "\(decision.rationale)")
    }
    ledger.now = Timestamp(rfc3339: "2026-04-01T00:00:00Z")!
    #expect(ledger.state.due(at: ledger.now).map(\.type).contains("approval.expired"))
    #expect(try ledger.routing.decide(["operation": .text("high")]).outcome == "needs_approval")
    #expect(ledger.state.approval(id)?.state == .expired)
  }

  @Test("that stands is taken back by any person, at once")
  func revoked() throws {
    var (ledger, id) = try ledger()
    #expect(
      ledger.refusal(.revokeApproval(id: id, reason: "enough"), by: .key("dot", .service)) == "403 human-required")
    #expect(ledger.refusal(.revokeApproval(id: id, reason: "enough"), by: .key("dot")) == nil)
    #expect(ledger.state.approval(id)?.state == .revoked)
    #expect(try ledger.routing.decide(["operation": .text("high")]).outcome == "needs_approval")
  }

  @Test("has a ceiling above nothing, an end within 366 days, and a route")
  func bounds() throws {
    var ledger = try ChangeLedger()
    #expect(ledger.refusal(.standing("nothing")) == "422 unknown-operation")
    #expect(ledger.refusal(.standing(ceiling: "0")) == "422 invalid-command")
    #expect(ledger.refusal(.standing(ends: "2026-02-28T23:59:59Z")) == "422 expiry-out-of-range")
    #expect(ledger.refusal(.standing(ends: "2027-03-02T00:00:01Z")) == "422 expiry-out-of-range")
    #expect(ledger.refusal(.standing(), by: .key("ann", .service)) == "403 human-required")
  }

  @Test("that was granted once serves one call, of its owner, for what it was granted for")
  func once() throws {
    var ledger = try ChangeLedger()
    _ = ledger.refusal(.deactivation("model/m1"), breakGlass: "alone")
    let first = try ledger.routing.decide(["operation": .text("high")])
    let id = try #require(first.approval)
    #expect(first.outcome == "needs_approval" && first.events.map(\.type) == ["route.denied", "approval.requested"])
    // The same call asks for nothing new; another owner's is another request.
    #expect(try ledger.routing.decide(["operation": .text("high")]).approval == id)
    #expect(try ledger.routing.decide(["operation": .text("high")], by: .key("ben", .service)).approval != id)
    #expect(ledger.grant(id, by: .key("ann")) == "403 same-owner")
    #expect(ledger.grant(id, by: .key("ben")) == nil)
    let named: [String: JSON] = ["operation": .text("high"), "approval": .text(id)]
    #expect(try ledger.routing.decide(named, by: .key("ben", .service)).outcome == "needs_approval")
    let used = try ledger.routing.decide(named)
    #expect(used.outcome == "allowed" && used.events.map(\.type) == ["route.decided", "approval.consumed"])
    #expect(ledger.state.approval(id)?.state == .consumed)
    #expect(try ledger.routing.decide(named).outcome == "needs_approval")
  }

  @Test("that is asked for ahead is the requester's own")
  func ahead() throws {
    var ledger = try ChangeLedger()
    func request(_ owner: String?) -> Command {
      .requestApproval(
        .object([
          "reason_code": .text("test"),
          "change": .object([
            "change": .text("decide"), "operation": .text("high"), "model": .text("m1"),
            "owner": owner.map(JSON.text),
            "ceiling": ChangeLedger.dollars("5"),
          ]),
        ]))
    }
    // Whatever owner the body names: leave is for the owner of the key.
    let planned = try ledger.routing.ledger.run(request("ben"), by: .key("ann", .agent))
    #expect(planned[0].data["change"]?["owner"]?.string == "ann")
    let id = String(planned[0].subject.dropFirst("approval/".count))
    #expect(ledger.state.approval(id)?.coverage?.ceiling == Money(Amount("5")!, Currency("USD")!))
    #expect(ledger.refusal(request(nil), by: .key("ann", .agent)) == "409 approval-open")
  }
}
