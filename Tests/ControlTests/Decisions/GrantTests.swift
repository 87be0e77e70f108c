import Control
import Domain
import Testing

@Suite("A grant")
struct GrantTests {
  /// HIGH, with calls of 30 USD at most; a standing approval of 70 USD for a day.
  private func ledger(standing: Bool = true) throws -> RoutingLedger {
    var ledger = try RoutingLedger()
    try ledger.route("op", ["m1", "m2"], ["criticality": .text("HIGH")])
    if standing {
      let body = JSON.object([
        "operation": .text("op"), "ceiling": .object(["amount": .text("70"), "currency": .text("USD")]),
        "ends": .text(ledger.now.advanced(bySeconds: 86_400).description),
      ])
      _ = try ledger.change(.grantStanding, "route/op", body)
    }
    try ledger.open()
    return ledger
  }

  @Test("that stands lets calls through up to its ceiling, and no further")
  func ceiling() throws {
    var ledger = try ledger()
    for _ in 0..<2 {
      let allowed = try ledger.decide()
      #expect(allowed.outcome == "allowed" && allowed.approval != nil && allowed.fallbacks == ["m2"])
      #expect(allowed.reservations.map { $0["amount"]?["amount"]?.string } == ["30"])
    }
    let waiting = try ledger.decide()
    #expect(waiting.outcome == "needs_approval" && waiting.events.map(\.type).contains("approval.requested"))
    #expect(
      try ledger.decide(["estimate": .object(["input_tokens": .integer(6), "output_tokens": .integer(2)])]).model
        == "m1")
    // What no completion settles comes back.
    ledger.now = ledger.now.advanced(bySeconds: 901)
    #expect(try ledger.decide().outcome == "allowed")
    ledger.now = ledger.now.advanced(bySeconds: 86_400)
    #expect(try ledger.decide().outcome == "needs_approval")
  }

  @Test("of one call serves once, for its model and its owner, and for no more than was asked")
  func single() throws {
    var ledger = try ledger(standing: false)
    let asked = try #require(try ledger.decide().approval)
    try ledger.ledger.run(.grantApproval(id: asked, reason: "seen"), by: .key("ben"))
    let named: [String: JSON] = ["approval": .text(asked)]
    #expect(try ledger.decide().outcome == "needs_approval")
    #expect(try ledger.decide(named, by: .key("cid", .service)).outcome == "needs_approval")
    let more: [String: JSON] = ["estimate": .object(["input_tokens": .integer(11), "output_tokens": .integer(10)])]
    #expect(try ledger.decide(named.merging(more) { $1 }).outcome == "needs_approval")
    let used = try ledger.decide(named)
    #expect(used.outcome == "allowed" && used.model == "m1" && used.fallbacks == [] && used.approval == asked)
    #expect(used.candidates == ["m1 primary chosen", "m2 fallback approval_required"])
    #expect(used.events.map(\.type) == ["route.decided", "approval.consumed"])
    #expect(try ledger.decide(named).outcome == "needs_approval")
  }

  @Test("is not passed over where the request asks for an approval of a route that needs none")
  func asked() throws {
    var ledger = try ledger()
    try ledger.ledger.run(.activateKillSwitch(scope: "model/m1", reason: "r", triggeredBy: "api"), by: .key("ann"))
    let allowed = try ledger.decide(["requires_approval": .boolean(true)])
    #expect(allowed.model == "m2" && allowed.approval != nil)
    #expect(allowed.candidates == ["m1 primary kill_switch_active", "m2 fallback chosen"])
  }
}
