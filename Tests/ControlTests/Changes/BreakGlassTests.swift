import Control
import Domain
import Testing

@Suite("Glass that is broken")
struct BreakGlassTests {
  @Test("makes the change at once, and stands open until another owner has reviewed it")
  func life() throws {
    var ledger = try ChangeLedger()
    let planned = try ledger.routing.ledger.run(
      .change(.deactivation("model/m1"), terms: nil, breakGlass: "alone on call"), by: .key("ann"))
    #expect(planned.map(\.type) == ["breakglass.used", "killswitch.deactivated"])
    let id = try #require(planned[0].data["breakglass"]?.string)
    #expect(planned[1].derived?["breakglass"]?.string == id)
    #expect(ledger.state.killSwitch("model/m1") == nil)
    #expect(ledger.state.unreviewedGlass.map(\.owner) == ["ann"])
    func review(_ id: String, _ verdict: String = "justified") -> Command {
      .reviewBreakGlass(id: id, verdict: verdict, reason: "looked at it")
    }
    #expect(ledger.refusal(review(id), by: .key("ann", .human, 2)) == "403 same-owner")
    #expect(ledger.refusal(review(id), by: .key("ben", .service)) == "403 human-required")
    var newcomer = Principal.key("eve")
    newcomer.since = ledger.now.advanced(bySeconds: 1)
    #expect(ledger.refusal(review(id), by: newcomer) == "403 owner-too-new")
    #expect(ledger.refusal(review("other"), by: .key("ben")) == "404 break-glass-not-found")
    #expect(ledger.refusal(review(id, "unjustified"), by: .key("ben")) == nil)
    #expect(ledger.state.unreviewedGlass.isEmpty)
    #expect(ledger.refusal(review(id), by: .key("ben")) == "404 break-glass-not-found")
  }

  @Test("is for admins, who are people, and for what needs it")
  func whoMay() throws {
    var ledger = try ChangeLedger()
    var other = Principal.key("ann")
    other.roles = [.operator, .approver]
    #expect(ledger.refusal(.deactivation("model/m1"), breakGlass: "alone", by: other) == "403 admin-required")
    #expect(
      ledger.refusal(.route(["m2"]), breakGlass: "alone", by: .key("ann", .service)) == "403 human-required")
    // What is free is made, and no glass is broken for it.
    #expect(ledger.refusal(.route(["m1"], ["enabled": .boolean(false)]), breakGlass: "alone") == nil)
    #expect(ledger.state.unreviewedGlass.isEmpty)
  }

  @Test("grants a standing approval too, without a quorum")
  func standing() throws {
    var ledger = try ChangeLedger()
    #expect(ledger.refusal(.standing(), breakGlass: "alone") == nil)
    let approval = try #require(ledger.state.approvals(in: .granted).first)
    #expect(approval.coverage?.operation == "high" && approval.grants.map(\.owner) == ["ann"])
    #expect(ledger.state.unreviewedGlass.first?.kind == .standing)
  }
}
