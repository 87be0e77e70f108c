import Control
import Domain
import Testing

@Suite("Closed approvals")
struct ClosingTests {
  private func closed(_ ledger: inout TestLedger) throws -> String {
    let planned = try ledger.run(.requestApproval(approvalRequest()), by: .key("ann"))
    let id = String(planned[0].subject.dropFirst("approval/".count))
    try ledger.run(.rejectApproval(id: id, reason: "no"), by: .key("ben"))
    return id
  }

  @Test("are kept for thirty days, and forgotten by the first that is closed later")
  func age() throws {
    var ledger = TestLedger()
    let first = try closed(&ledger)
    ledger.advance(hours: 30 * 24)
    let second = try closed(&ledger)
    #expect(ledger.state.approval(first)?.state == .rejected)
    ledger.advance(hours: 1)
    let third = try closed(&ledger)
    #expect(ledger.state.approval(first) == nil)
    #expect(ledger.state.approval(second) != nil && ledger.state.approval(third) != nil)
    #expect(ledger.refusal(.grantApproval(id: first, reason: "r"), by: .key("ben")) == "404 approval-not-found")
  }

  @Test("are a thousand at most; what is forgotten depends on the events alone")
  func count() throws {
    var ledger = TestLedger()
    var ids: [String] = []
    for _ in 0..<1_003 { ids.append(try closed(&ledger)) }
    #expect(ledger.state.approvals(in: .rejected).count == 1_000)
    #expect(ids.prefix(3).allSatisfy { ledger.state.approval($0) == nil } && ledger.state.approval(ids[3]) != nil)
    // In one batch, in many, after drops, and from a snapshot: the same.
    var whole = ControlState(ledger: "main")
    for event in ledger.log { whole.apply(event) }
    whole.drop()
    for event in ledger.log { whole.apply(event) }
    whole.merge()
    #expect(whole.snapshot() == ledger.state.snapshot())
    var restored = try ControlState(snapshot: whole.snapshot())
    #expect(restored.snapshot() == whole.snapshot())
    let more = try closed(&ledger)
    for event in ledger.log.suffix(2) { restored.apply(event) }
    restored.merge()
    #expect(restored.snapshot() == ledger.state.snapshot() && restored.approval(more) != nil)
  }

  @Test("of one owner, open, are bounded, so that nobody buries the queue")
  func open() throws {
    var ledger = TestLedger()
    for _ in 0..<1_000 { try ledger.run(.requestApproval(approvalRequest()), by: .key("ann")) }
    #expect(
      ledger.refusal(.requestApproval(approvalRequest()), by: .key("ann", .agent)) == "409 too-many-requests-open")
    #expect(ledger.refusal(.requestApproval(approvalRequest()), by: .key("ben")) == nil)
  }
}
