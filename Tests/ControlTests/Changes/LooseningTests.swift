import Control
import Domain
import Testing

/// Every loosening there is, tried by an agent: the asymmetry of agents and people.
@Suite("An agent that loosens")
struct LooseningTests {
  /// A loosening of each kind of change; what a new kind loosens must be added here.
  private static func loosening(_ operation: Change.Operation) -> Change {
    switch operation {
    case .configureRoute: .route(["m2"])
    case .configureModel:
      Change(operation: operation, subject: "model/m3", body: .model("m3"))
    case .configureBudget:
      Change(
        operation: operation, subject: "budget/b",
        body: .object([
          "budget": .text("b"), "kind": .text("spend"), "window": .text("day"), "scope": .text("ledger"),
          "hard": .boolean(true), "enabled": .boolean(true), "limit": ChangeLedger.dollars("1001"),
        ]))
    case .changeToggle:
      Change(
        operation: operation, subject: "toggle/helix_can_recommend_optimizations",
        body: .toggle("helix_can_recommend_optimizations", on: true, locked: false))
    case .configurePolicy:
      Change(
        operation: operation, subject: "policy/control",
        body: .policy([
          "cool_down": .object(["failures": .integer(900), "window_s": .integer(60), "duration_s": .integer(1)])
        ]))
    case .listPrices:
      Change(
        operation: operation, subject: "price/m1",
        body: .object(["prices": .array([listedPrice("m1", "input_tokens", "0.01", per: 1)])]))
    case .deactivateKillSwitch: .deactivation("model/m1")
    case .addOwner:
      Change(
        operation: operation, subject: "owner/eve", body: .object(["owner": .text("eve"), "name": .text("Eve")]))
    case .issueKey:
      Change(
        operation: operation, subject: "key/k9",
        body: .object([
          "key": .text("k9"), "kind": .text("human"), "owner": .text("ann"), "roles": .array([.text("admin")]),
          "ledgers": .array([.text("*")]), "secret_sha256": .text(String(repeating: "0", count: 64)),
        ]))
    case .acceptRecommendation:
      Change(
        operation: operation, subject: "recommendation/r",
        body: .object(["recommendation": .text("r"), "reason": .text("I say so")]))
    case .grantStanding: .standing()
    case .closePeriod:
      Change(
        operation: operation, subject: "period/2026-01",
        body: .object([
          "period": .text("2026-01"), "position": .integer(1), "root": .text(TestLedger.root(at: 1)),
          "books": .object([ExactText: JSON]()),
        ]))
    case .reopenPeriod:
      Change(
        operation: operation, subject: "period/2026-01",
        body: .object(["period": .text("2026-01"), "reason": .text("r")]))
    case .rerate:
      Change(operation: operation, subject: "rerate/r", body: RerateProposal(position: 1).json)
    case .eraseData:
      Change(
        operation: operation, subject: "erasure/e",
        body: .object([
          "erasure": .text("e"), "subject": .text("call/1"), "reason": .text("asked"), "legal_basis": .text("law"),
        ]))
    case .releaseHold:
      Change(
        operation: operation, subject: "hold/h", body: .object(["hold": .text("h"), "reason": .text("over")]))
    }
  }

  @Test("is refused, asked for at once, explicitly or by breaking the glass", arguments: Change.Operation.allCases)
  func refused(operation: Change.Operation) throws {
    var ledger = try ChangeLedger()
    let before = ledger.state.snapshot()
    let agent = Principal.key("ann", .agent)
    let change = Self.loosening(operation)
    let explicit = Command.requestApproval(
      .object([
        "kind": .text("action"), "change": change.json, "reason_code": .text("test"),
        "evidence": ChangeLedger.evidence,
      ]))
    for command in [
      .change(change, terms: ChangeLedger.terms, breakGlass: nil),
      .change(change, terms: nil, breakGlass: "alone"), explicit,
    ] {
      let refusal = ledger.refusal(command, by: agent) ?? "accepted"
      #expect(["403 agent-may-not-loosen", "403 human-required"].contains(refusal), "\(operation): \(refusal)")
    }
    #expect(ledger.state.snapshot() == before)
  }

  @Test("is refused what decides about others' changes")
  func decisions() throws {
    var ledger = try ChangeLedger()
    let id = try ledger.asked(.route(["m2"]))
    #expect(ledger.refusal(.deactivation("model/m1"), breakGlass: "alone") == nil)
    let broken = try #require(ledger.state.unreviewedGlass.first?.id)
    let agent = Principal.key("ben", .agent)
    let commands: [Command] = [
      .grantApproval(id: id, reason: "r"), .rejectApproval(id: id, reason: "r"), .revokeApproval(id: id, reason: "r"),
      .reviewBreakGlass(id: broken, verdict: "justified", reason: "r"),
      .dismissRecommendation(id: "r", reason: "r"),
      .rotateKey(id: "k1", successor: "k2", secretSHA256: "", overlap: 0, reason: "r"),
      .revokeKey(id: "k1", reason: "r"),
    ]
    for command in commands { #expect(ledger.refusal(command, by: agent) == "403 human-required", "\(command)") }
  }
}
