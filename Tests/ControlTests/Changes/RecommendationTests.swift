import Control
import Domain
import Testing

@Suite("Recommendations")
struct RecommendationTests {
  private static func recommend(_ models: [String], of operation: String = "op") -> Command {
    .recommend(
      .object([
        "operation": .text(operation), "kind": .text("route"), "proposed": .route("op", models),
        "reasoning": .text("cheaper"), "confidence": .text("0.8"),
      ]))
  }

  private static func accept(_ id: String) -> Change {
    Change(
      operation: .acceptRecommendation, subject: "recommendation/\(id)",
      body: .object(["recommendation": .text(id), "reason": .text("agreed")]))
  }

  private func made(_ ledger: inout ChangeLedger, by principal: Principal = .key("ann", .service)) throws -> String {
    let planned = try ledger.routing.ledger.run(Self.recommend(["m2"]), by: principal)
    return try #require(planned[0].data["recommendation"]?.string)
  }

  @Test("of agents need the toggle; nobody else's do")
  func toggle() throws {
    var ledger = try ChangeLedger()
    #expect(ledger.refusal(Self.recommend(["m2"]), by: .key("ann", .agent)) == "403 agent-may-not-recommend")
    #expect(ledger.refusal(Self.recommend(["m2"]), by: .key("ann", .service)) == nil)
    let on = Change(
      operation: .changeToggle, subject: "toggle/helix_can_recommend_optimizations",
      body: .toggle("helix_can_recommend_optimizations", on: true, locked: false))
    let id = try ledger.asked(on)
    #expect(ledger.grant(id, by: .key("ben")) == nil)
    #expect(ledger.grant(id, by: .key("cid")) == nil)
    #expect(ledger.refusal(Self.recommend(["m1", "m2"]), by: .key("ann", .agent)) == nil)
    #expect(ledger.state.openRecommendations.map(\.actorKind) == [.service, .agent])
  }

  @Test("are accepted by two people, whose second makes the change")
  func accepted() throws {
    var ledger = try ChangeLedger()
    let id = try made(&ledger)
    #expect(ledger.refusal(Self.accept(id), by: .key("ben", .agent)) == "403 agent-may-not-loosen")
    #expect(ledger.refusal(Self.accept(id), by: .key("ben", .service)) == "403 human-required")
    let approval = try ledger.asked(Self.accept(id), by: .key("ben"))
    #expect(ledger.grant(approval, by: .key("ben")) == "403 same-owner")
    #expect(
      try ledger.types(.grantApproval(id: approval, reason: "seen"), by: .key("cid"))
        == ["approval.granted", "route.configured", "recommendation.accepted", "approval.consumed"])
    #expect(ledger.state.route("op")?.primary == "m2")
    #expect(ledger.state.openRecommendations.isEmpty)
    #expect(ledger.refusal(Self.accept(id), by: .key("ben")) == "404 recommendation-not-found")
  }

  @Test("are accepted by nobody who could not make the change")
  func rights() throws {
    var ledger = try ChangeLedger()
    let recommend = Command.recommend(
      .object([
        "operation": .text("op"), "kind": .text("model"), "proposed": .model("m9"), "reasoning": .text("newer"),
      ]))
    let planned = try ledger.routing.ledger.run(recommend, by: .key("ann", .service))
    let id = try #require(planned[0].data["recommendation"]?.string)
    var approver = Principal.key("ben")
    approver.roles = [.approver]
    // Only admins switch a model on for the platform.
    #expect(ledger.refusal(Self.accept(id), by: approver) == "403 role-required")
    #expect(ledger.refusal(Self.accept(id), by: .key("ben")) == nil)
  }

  @Test("are not followed once what they would change moved")
  func stale() throws {
    var ledger = try ChangeLedger()
    let id = try made(&ledger)
    let approval = try ledger.asked(Self.accept(id), by: .key("ben"))
    #expect(try ledger.ask(.route(["m1"], ["enabled": .boolean(false)])) == nil)
    #expect(ledger.grant(approval, by: .key("cid")) == "409 approval-stale")
    #expect(ledger.refusal(Self.accept(id), by: .key("ben")) == "409 recommendation-stale")
    #expect(ledger.refusal(.dismissRecommendation(id: id, reason: "stale"), by: .key("ben")) == nil)
    #expect(ledger.grant(approval, by: .key("cid")) == "409 approval-stale")
  }

  @Test("that could not be followed are not made, and are dismissed by people")
  func dismissed() throws {
    var ledger = try ChangeLedger()
    #expect(ledger.refusal(Self.recommend(["m2", "m2"]), by: .key("ann")) == "422 model-repeated")
    #expect(ledger.refusal(Self.recommend(["m2"], of: "other"), by: .key("ann")) == "422 invalid-command")
    let id = try made(&ledger)
    #expect(
      ledger.refusal(.dismissRecommendation(id: id, reason: "no"), by: .key("ben", .service)) == "403 human-required")
    #expect(ledger.refusal(.dismissRecommendation(id: id, reason: "no"), by: .key("ben")) == nil)
    #expect(
      ledger.refusal(.dismissRecommendation(id: id, reason: "no"), by: .key("ben")) == "404 recommendation-not-found")
  }

  @Test("of one owner are a hundred at most")
  func bound() throws {
    var ledger = try ChangeLedger()
    for _ in 0..<100 { _ = try made(&ledger) }
    #expect(ledger.refusal(Self.recommend(["m2"]), by: .key("ann")) == "409 too-many-recommendations-open")
    #expect(ledger.refusal(Self.recommend(["m2"]), by: .key("ben")) == nil)
  }
}
