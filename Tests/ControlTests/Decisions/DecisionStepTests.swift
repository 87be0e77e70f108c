import Control
import Domain
import Testing

@Suite("A decision")
struct DecisionStepTests {
  private func ledger(_ models: [String] = ["m1", "m2"], _ members: [String: JSON] = [:]) throws -> RoutingLedger {
    var ledger = try RoutingLedger()
    try ledger.route("op", models, members)
    return ledger
  }

  @Test(
    "is denied by a kill switch on everything, on its operation, user or team, before anything else is looked at",
    arguments: ["global", "operation/op", "user/t-u", "team/t"])
  func killSwitches(scope: String) throws {
    var ledger = try ledger()
    try ledger.stop(scope)
    let position = ledger.state.position
    let denied = try ledger.decide(["user": .text("u"), "team": .text("t")])
    #expect(denied.outcome == "denied" && denied.reasons == ["kill_switch_active"] && denied.candidates == [])
    #expect(denied.reliance["kill_switches"] == .array([.integer(position)]))
    #expect(denied.rationale.contains("\(scope) is active since position \(position)"))
    // Others pass, and so does the operation that has no route, for another reason.
    let other = try ledger.decide(["user": .text("v"), "team": .text("t2"), "operation": .text("op2")])
    #expect(other.reasons == [scope == "global" ? "kill_switch_active" : "unknown_operation"])
  }

  @Test("is denied where its operation is unknown or disabled")
  func routes() throws {
    var ledger = try ledger()
    #expect(try ledger.decide(["operation": .text("none")]).reasons == ["unknown_operation"])
    try ledger.route("op", ["m1"], ["enabled": .boolean(false)])
    let denied = try ledger.decide()
    #expect(denied.outcome == "denied" && denied.reasons == ["operation_disabled"] && denied.candidates == [])
    #expect(denied.reliance["route"]?.integer == ledger.state.route("op")?.position)
  }

  @Test(
    "looks at the model asked for, the tier's, the session's, the primary, the fallbacks and the default, each once")
  func candidates() throws {
    var ledger = try RoutingLedger(models: ["a", "t", "s", "p", "f", "d"])
    try ledger.model("a", ["aliases": .array([.text("alias")])])
    try ledger.policy(["default_model": .text("d"), "tiers": .object(["strong": .text("t")])])
    try ledger.route("op", ["s"])
    try ledger.decide(["session": .text("s")])
    try ledger.route("op", ["p", "f"])
    let whole = try ledger.decide([
      "model": .text("alias"), "tier": .text("strong"), "session": .text("s"),
    ])
    #expect(
      whole.candidates == [
        "a requested chosen", "t tier fallback", "s session fallback", "p primary fallback", "f fallback fallback",
        "d ledger_default fallback",
      ])
    #expect(whole.model == "a" && whole.fallbacks == ["t", "s", "p", "f", "d"])
    // What stands in several places is looked at once, in the first of them.
    let once = try ledger.decide(["model": .text("f"), "session": .text("s")])
    #expect(once.candidates.map { String($0.prefix(1)) } == ["f", "s", "p", "d"])
    #expect(try ledger.decide(["tier": .text("mid")]).model == "p")
  }

  @Test("passes over a model for its kill switch, state, caller, evaluations and cool-down, in this order")
  func admission() throws {
    var ledger = try ledger(["m1", "m2"], ["required_evaluations": .array([.text("safety"), .text("tone")])])
    func fate() throws -> String { try ledger.decide().candidates[0] }
    for suite in ["safety", "tone"] { try record(&ledger, "m2", suite, true) }
    for _ in 0..<5 { ledger.complete("m1", "error") }
    try ledger.model("m1", ["allowed_kinds": .array([.text("human")]), "enabled": .boolean(false)])
    try ledger.stop("model/m1")
    #expect(try fate() == "m1 primary kill_switch_active")
    try ledger.ledger.run(
      .deactivateKillSwitch(scope: "model/m1", reason: "r", triggeredBy: "api"), by: .key("ann"))
    #expect(try fate() == "m1 primary model_disabled")
    try ledger.model("m1", ["allowed_kinds": .array([.text("human")]), "platform_enabled": .boolean(false)])
    #expect(try fate() == "m1 primary model_disabled")
    try ledger.model("m1", ["allowed_kinds": .array([.text("human")])])
    #expect(try fate() == "m1 primary not_allowed")
    try ledger.model("m1", ["allowed_callers": .array([.text("owner/ben"), .text("key/x")])])
    #expect(try fate() == "m1 primary not_allowed")
    try ledger.model("m1", ["allowed_callers": .array([.text("owner/ann")])])
    #expect(try fate() == "m1 primary evaluation_missing")
    try record(&ledger, "m1", "safety", true)
    try record(&ledger, "m1", "tone", false)
    #expect(try fate() == "m1 primary evaluation_missing")
    try record(&ledger, "m1", "tone", true)
    let cooling = try ledger.decide()
    #expect(cooling.candidates == ["m1 primary cooling_down", "m2 fallback chosen"])
    #expect(cooling.reasons == ["cooling_down"] && cooling.retryAfter == nil)
    ledger.now = ledger.now.advanced(bySeconds: 60)
    #expect(try ledger.decide().model == "m1")
    try ledger.stop("provider/p")
    let stopped = try ledger.decide()
    #expect(stopped.candidates == ["m1 primary kill_switch_active", "m2 fallback kill_switch_active"])
    #expect(stopped.outcome == "denied")
  }

  private func record(_ ledger: inout RoutingLedger, _ model: String, _ suite: String, _ passed: Bool) throws {
    try ledger.ledger.run(
      .recordEvaluation(
        .object([
          "operation": .text("op"), "model": .text(model), "suite": .text(suite), "passed": .boolean(passed),
        ])), by: .key("ann", .service))
  }

  @Test("stops a model whichever of its names the kill switch has")
  func aliases() throws {
    var ledger = try ledger()
    try ledger.model("m1", ["aliases": .array([.text("other")])])
    try ledger.stop("model/other")
    #expect(try ledger.decide().candidates == ["m1 primary kill_switch_active", "m2 fallback chosen"])
  }

  @Test("lets an agent ask for a model only while the toggle is on, and gives it what it would have got otherwise")
  func agents() throws {
    var ledger = try ledger(["m1"])
    let agent = Principal.key("ann", .agent)
    for _ in 0..<2 {
      let refused = try ledger.decide(["model": .text("m3")], by: agent)
      #expect(refused.candidates == ["m3 requested not_allowed", "m1 primary chosen"])
      #expect(refused.model == "m1" && refused.fallbacks == [])
      try ledger.toggle("helix_can_change_models", on: false, locked: true)
    }
    // Asking for what it would get anyway takes nothing away.
    #expect(try ledger.decide(["model": .text("m1")], by: agent).candidates == ["m1 primary chosen"])
    #expect(try ledger.decide(["model": .text("m3")], by: .key("ann", .service)).model == "m3")
    try ledger.toggle("helix_can_change_models", on: true)
    let allowed = try ledger.decide(["model": .text("m3")], by: agent)
    #expect(allowed.model == "m3")
    #expect(allowed.reliance["toggles"]?.elements?.count == 1)
  }

  @Test("needs an approval where the route or the request says so, if that is all that a candidate lacks")
  func approvals() throws {
    var ledger = try ledger(["m1", "m2"], ["criticality": .text("HIGH")])
    let waiting = try ledger.decide()
    #expect(waiting.outcome == "needs_approval" && waiting.reasons == ["approval_required"] && waiting.model == nil)
    #expect(waiting.events.map(\.type) == ["route.denied", "approval.requested"])
    #expect(waiting.approval != nil && ledger.state.openApprovals.map(\.id) == [waiting.approval])
    // The same need finds the request that is open.
    let again = try ledger.decide()
    #expect(again.approval == waiting.approval && again.events.count == 1)
    try ledger.route("op", ["m1", "m2"])
    #expect(try ledger.decide(["requires_approval": .boolean(true)]).outcome == "needs_approval")
    // 10 × 1 + 10 × 2 USD find no room: an approval would not help.
    try ledger.budget("b", ["limit": .object(["amount": .text("29"), "currency": .text("USD")])])
    let denied = try ledger.decide(["requires_approval": .boolean(true)])
    #expect(denied.outcome == "denied" && denied.reasons == ["approval_required"] && denied.events.count == 1)
  }

  @Test("reserves the largest estimate among what may serve, and is denied with the first candidate's code")
  func budgets() throws {
    var ledger = try ledger(["m1", "m2"])
    try ledger.model("m2", ["max_output_tokens": .integer(40)])
    try ledger.budget("b", ["limit": .object(["amount": .text("100"), "currency": .text("USD")])])
    let first = try ledger.decide()
    #expect(first.model == "m1" && first.fallbacks == ["m2"])
    #expect(first.reservations.map { $0["amount"]?["amount"]?.string } == ["90"])
    #expect(first.estimate?["cost"]?["amount"]?.string == "30")
    let second = try ledger.decide()
    #expect(second.candidates == ["m1 primary budget_exceeded", "m2 fallback budget_exceeded"])
    #expect(second.outcome == "denied" && second.reasons == ["budget_exceeded"])
    // A cheaper call that fits is let through, without the fallback that does not.
    let third = try ledger.decide(["estimate": .object(["input_tokens": .integer(1), "output_tokens": .integer(2)])])
    #expect(third.outcome == "allowed" && third.reservations.map { $0["amount"]?["amount"]?.string } == ["5"])
  }

  @Test(
    "refuses an unknown price under a hard budget, or everywhere where the policy says so; never takes it for zero")
  func unknownPrices() throws {
    var ledger = try RoutingLedger(prices: false)
    try ledger.route()
    let free = try ledger.decide()
    #expect(free.outcome == "allowed" && free.estimate?["cost"] == nil)
    try ledger.policy(["refuses_unknown_price": .boolean(true)])
    #expect(try ledger.decide().reasons == ["price_unknown"])
    try ledger.policy([:])
    try ledger.budget("b", ["limit": .object(["amount": .text("100"), "currency": .text("USD")])])
    #expect(try ledger.decide().reasons == ["price_unknown"])
  }

  @Test("says what it relied on, and which rules it was made under")
  func reliance() throws {
    var ledger = try ledger(["m1"])
    try ledger.policy([:])
    let decision = try ledger.decide(["user": .text("u")])
    let reliance = decision.reliance
    #expect(reliance["route"]?.integer == ledger.state.route("op")?.position)
    #expect(reliance["models"]?.elements?.compactMap(\.integer) == [try #require(ledger.state.model("m1")).position])
    #expect(reliance["policy"]?.integer == ledger.state.policy.position)
    let derived = try #require(decision.events[0].derived)
    #expect(reliance["prices"] == derived["price_ids"] && derived["price_ids"]?.elements?.count == 2)
    #expect(derived["rules_version"]?.integer == 1 && derived["owner"]?.string == "ann")
    #expect(derived["persons"] == .object(["/request/user": .text("t-u")]))
    #expect(decision.events[0].typeVersion == 2 && decision.events[0].subject == "call/call-1")
  }
}
