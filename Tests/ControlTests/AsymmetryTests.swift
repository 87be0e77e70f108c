import Control
import Domain
import Testing

@Suite("An agent")
struct AsymmetryTests {
  /// A ledger in which everything that could be loosened is there to be loosened.
  private func ledger() throws -> TestLedger {
    var ledger = try TestLedger.withOwners()
    try ledger.run(.activateKillSwitch(scope: "global", reason: "r", triggeredBy: "cli"), by: .key("ben"))
    try ledger.run(.requestApproval(approvalRequest()), by: .key("ben"))
    try ledger.run(
      .issueKey(
        .object([
          "key": .text("k1"), "kind": .text("agent"), "owner": .text("ann"), "roles": .array([.text("agent")]),
          "ledgers": .array([.text("*")]), "secret_sha256": .text(String(repeating: "0", count: 64)),
        ])), by: .key("ben"))
    return ledger
  }

  @Test("is refused every command that loosens, approves, prices, corrects or administers")
  func neverLoosens() throws {
    var ledger = try ledger()
    let approval = try #require(ledger.state.openApprovals.first?.id)
    let agent = Principal.key("ann", .agent)
    let key = JSON.object([
      "key": .text("k2"), "kind": .text("human"), "owner": .text("ann"), "roles": .array([.text("admin")]),
      "ledgers": .array([.text("*")]), "secret_sha256": .text(String(repeating: "0", count: 64)),
    ])
    let opening = JSON.object([
      "name": .text("system"), "time_zone": .text("UTC"), "reporting_currency": .text("USD"),
    ])
    let commands: [(Command, String)] = [
      (.deactivateKillSwitch(scope: "global", reason: "r", triggeredBy: "api"), "403 agent-may-not-loosen"),
      (.grantApproval(id: approval, reason: "r"), "403 human-required"),
      (.rejectApproval(id: approval, reason: "r"), "403 human-required"),
      (.withdrawApproval(id: approval, reason: "r"), "403 not-the-requester"),
      (.listPrices([listedPrice("m", "input_tokens", "0")]), "403 agent-may-not-loosen"),
      (.reverseEntry(position: 1, reason: "r"), "403 agent-may-not-loosen"),
      (.skipProjectionEvent(projection: "b", version: 1, position: 1, reason: "r"), "403 human-required"),
      (.addOwner(.object(["owner": .text("eve"), "name": .text("Eve")])), "403 human-required"),
      (.issueKey(key), "403 human-required"), (.revokeKey(id: "k1", reason: "r"), "403 human-required"),
      (.openLedger(opening, prices: []), "403 human-required"),
    ]
    let before = ledger.state.snapshot()
    for (command, refusal) in commands { #expect(ledger.refusal(command, by: agent) == refusal) }
    #expect(ledger.state.snapshot() == before)
  }

  @Test("may stop, ask, and take back what its owner asked")
  func tightens() throws {
    var ledger = try ledger()
    let agent = Principal.key("ann", .agent)
    let stop = Command.activateKillSwitch(scope: "model/m", reason: "r", triggeredBy: "api")
    #expect(ledger.refusal(stop, by: agent) == nil)
    let planned = try ledger.run(.requestApproval(approvalRequest()), by: agent)
    let id = String(planned[0].subject.dropFirst("approval/".count))
    #expect(ledger.refusal(.withdrawApproval(id: id, reason: "r"), by: agent) == nil)
  }
}
