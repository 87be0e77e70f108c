import Control
import Domain
import Testing

@Suite("Approvals")
struct ApprovalTests {
  private func requested(_ body: JSON = approvalRequest(), by requester: Principal = .key("ann", .agent)) throws
    -> (TestLedger, String)
  {
    var ledger = TestLedger()
    let planned = try ledger.run(.requestApproval(body), by: requester)
    return (ledger, String(planned[0].subject.dropFirst("approval/".count)))
  }

  /// What is done to an approval that was requested by an agent of `ann`, and what comes of it.
  enum Deed: String, CaseIterable { case grant, reject, withdraw }

  private func command(_ deed: Deed, _ id: String) -> Command {
    switch deed {
    case .grant: .grantApproval(id: id, reason: "seen")
    case .reject: .rejectApproval(id: id, reason: "no")
    case .withdraw: .withdrawApproval(id: id, reason: "not needed")
    }
  }

  @Test(
    "obey who may decide",
    arguments: [
      (Deed.grant, Principal.key("ben"), nil),
      (.grant, .key("ann"), "403 same-owner"),
      (.grant, .key("ann", .human, 2), "403 same-owner"),
      (.grant, .key("ben", .agent), "403 human-required"),
      (.grant, .key("ben", .service), "403 human-required"),
      (.reject, .key("ben"), nil),
      (.reject, .key("ann"), "403 same-owner"),
      (.reject, .key("ben", .service), "403 human-required"),
      (.withdraw, .key("ann"), nil),
      (.withdraw, .key("ann", .service), nil),
      (.withdraw, .key("ann", .agent), nil),
      (.withdraw, .key("ben"), "403 not-the-requester"),
    ] as [(Deed, Principal, String?)])
  func whoMayDecide(deed: Deed, principal: Principal, refusal: String?) throws {
    var (ledger, id) = try requested()
    #expect(ledger.refusal(command(deed, id), by: principal) == refusal)
    let state: Approval.State =
      refusal != nil ? .requested : deed == .grant ? .granted : deed == .reject ? .rejected : .withdrawn
    #expect(ledger.state.approval(id)?.state == state)
  }

  @Test("are decided once: every later decision is a conflict", arguments: Deed.allCases, Deed.allCases)
  func decidedOnce(first: Deed, second: Deed) throws {
    var (ledger, id) = try requested()
    let by: (Deed) -> Principal = { $0 == .withdraw ? .key("ann") : .key("ben") }
    #expect(ledger.refusal(command(first, id), by: by(first)) == nil)
    #expect(ledger.refusal(command(second, id), by: by(second)) == "409 approval-not-open")
    #expect(ledger.refusal(command(.grant, id), by: .key("cid")) == "409 approval-not-open")
  }

  @Test("that are unknown are not found", arguments: Deed.allCases)
  func unknown(deed: Deed) {
    var ledger = TestLedger()
    #expect(ledger.refusal(command(deed, "nobody"), by: .key("ben")) == "404 approval-not-found")
  }

  @Test(
    "have the risk of their kind; a requester can only raise it",
    arguments: [
      ("action", nil, "low"), ("action", "low", "low"), ("action", "medium", "medium"), ("action", "high", "high"),
      ("model_switch", nil, "medium"), ("model_switch", "low", "medium"), ("cost_increase", nil, "medium"),
      ("budget_change", nil, "medium"), ("loosening", nil, "high"), ("loosening", "low", "high"),
      ("standing", "medium", "high"),
    ] as [(String, String?, String)])
  func risk(kind: String, asked: String?, risk: String) throws {
    let (ledger, id) = try requested(approvalRequest(kind: kind, risk: asked))
    let approval = try #require(ledger.state.approval(id))
    #expect(approval.risk.rawValue == risk)
    #expect(ledger.log.last?.data["risk"]?.string == risk)
    #expect(ledger.log.last?.derived?["quorum"]?.integer == (risk == "high" ? 2 : 1))
    let life = (approval.expiresAt.microseconds - approval.requestedAt.microseconds) / 3_600_000_000
    #expect(life == ["low": 72, "medium": 24, "high": 4][risk])
  }

  @Test("of high risk need evidence; others do not")
  func evidence() {
    var ledger = TestLedger()
    let ann = Principal.key("ann")
    #expect(
      ledger.refusal(.requestApproval(approvalRequest(kind: "loosening", evidence: 0)), by: ann)
        == "422 evidence-required")
    #expect(
      ledger.refusal(.requestApproval(approvalRequest(risk: "high", evidence: 0)), by: ann) == "422 evidence-required"
    )
    #expect(ledger.refusal(.requestApproval(approvalRequest(evidence: 0)), by: ann) == nil)
  }

  @Test("may live shorter than their risk allows, never longer")
  func expiry() {
    var ledger = TestLedger()
    let hour: (Int64) -> Timestamp = { Timestamp(microseconds: TestLedger.start.microseconds + $0 * 3_600_000_000) }
    let ann = Principal.key("ann")
    #expect(ledger.refusal(.requestApproval(approvalRequest(expires: hour(72))), by: ann) == nil)
    #expect(ledger.refusal(.requestApproval(approvalRequest(expires: hour(1))), by: ann) == nil)
    #expect(
      ledger.refusal(.requestApproval(approvalRequest(expires: hour(73))), by: ann) == "422 expiry-out-of-range")
    #expect(
      ledger.refusal(.requestApproval(approvalRequest(expires: hour(0))), by: ann) == "422 expiry-out-of-range")
  }

  @Test("of high risk are granted by two owners, whatever the number of their keys")
  func quorum() throws {
    var (ledger, id) = try requested(approvalRequest(kind: "loosening"))
    #expect(ledger.refusal(.grantApproval(id: id, reason: "one"), by: .key("ben")) == nil)
    #expect(ledger.state.approval(id)?.state == .requested)
    #expect(ledger.log.last?.derived?["state"]?.string == "requested")
    #expect(
      ledger.refusal(.grantApproval(id: id, reason: "again"), by: .key("ben", .human, 2))
        == "409 already-granted-by-owner")
    #expect(ledger.refusal(.grantApproval(id: id, reason: "mine"), by: .key("ann")) == "403 same-owner")
    #expect(ledger.refusal(.grantApproval(id: id, reason: "two"), by: .key("cid")) == nil)
    #expect(ledger.state.approval(id)?.state == .granted)
    #expect(ledger.log.last?.derived?["state"]?.string == "granted")
    #expect(ledger.refusal(.grantApproval(id: id, reason: "three"), by: .key("dot")) == "409 approval-not-open")
  }

  @Test("can be rejected after one of two grants")
  func rejectedAfterAGrant() throws {
    var (ledger, id) = try requested(approvalRequest(kind: "standing"))
    #expect(ledger.refusal(.grantApproval(id: id, reason: "one"), by: .key("ben")) == nil)
    #expect(ledger.refusal(.rejectApproval(id: id, reason: "no"), by: .key("cid")) == nil)
    #expect(ledger.state.approval(id)?.state == .rejected)
  }

  @Test("expire at their time, in the order of expiry and id, by the ledger itself")
  func expires() throws {
    var ledger = TestLedger()
    for kind in ["action", "loosening", "model_switch", "loosening"] {
      try ledger.run(.requestApproval(approvalRequest(kind: kind)), by: .key("ann"))
    }
    ledger.advance(hours: 3)
    #expect(ledger.state.due(at: ledger.now).isEmpty)
    ledger.advance(hours: 1)
    #expect(ledger.state.due(at: ledger.now).map(\.subject) == ["approval/fresh-2", "approval/fresh-4"])
    #expect(ledger.state.due(at: ledger.now).allSatisfy { $0.bySystem && $0.type == "approval.expired" })
    #expect(
      ledger.refusal(.grantApproval(id: "fresh-2", reason: "late"), by: .key("ben")) == "409 approval-not-open")
    #expect(ledger.state.approval("fresh-2")?.state == .expired)
    #expect(ledger.state.due(at: ledger.now).isEmpty)
    ledger.advance(hours: 100)
    #expect(ledger.state.due(at: ledger.now).map(\.subject) == ["approval/fresh-3", "approval/fresh-1"])
  }

  @Test("cannot be granted at the moment of expiry, even before the expiry is recorded")
  func neverGrantedWhenDue() throws {
    var (ledger, id) = try requested()
    ledger.advance(hours: 72)
    let context = ledger.context(.key("ben"))
    #expect(
      throws: Refusal(
        code: "approval-not-open", status: 409, detail: "The approval is expired: nothing is to be decided.")
    ) {
      try ledger.state.decide(.grantApproval(id: id, reason: "late"), context)
    }
  }

  @Test("queue by risk, then age")
  func queue() throws {
    var ledger = TestLedger()
    for kind in ["action", "loosening", "model_switch", "action", "loosening"] {
      try ledger.run(.requestApproval(approvalRequest(kind: kind)), by: .key("ann"))
      ledger.now = Timestamp(microseconds: ledger.now.microseconds + 1)
    }
    #expect(ledger.state.openApprovals.map(\.id) == [2, 5, 3, 1, 4].map { "fresh-\($0)" })
  }
}
