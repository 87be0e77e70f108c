import Control
import Domain
import Testing

@Suite("Closing months")
struct PeriodClosingTests {
  private func ledger() throws -> TestLedger {
    var ledger = TestLedger()
    try ledger.open()
    ledger.now = Timestamp(rfc3339: "2026-04-02T00:00:00Z")!
    for day in ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-01"] {
      try ledger.fact(
        "completion.recorded", "call/\(day)", Finance.completion(), at: Timestamp(rfc3339: "\(day)T23:59:59Z")!)
    }
    return ledger
  }

  @Test("is refused for what is not over, not confirmed, posted to since, or closed already")
  func refusals() throws {
    var ledger = try ledger()
    // 1 is the opening, 2 to 5 are the calls.
    #expect(ledger.close("2026-04", at: 5) == "409 period-not-over")
    #expect(ledger.close("2026-03", at: 99) == "409 position-not-confirmed")
    #expect(ledger.close("2026-03", at: 4, root: String(repeating: "1", count: 64)) == "409 root-not-confirmed")
    #expect(ledger.close("2026-03", at: 3) == "409 posted-after")
    // February stands before: it is covered by 3.
    #expect(ledger.close("2026-02", at: 3) == nil)
    #expect(ledger.close("2026-01", at: 5) == "409 period-closed")
    #expect(ledger.close("2026-02", at: 5) == "409 period-closed")
    #expect(ledger.state.firstOpenDay?.description == "2026-03-01")
    #expect(ledger.close("2026-03", at: 4) == nil)
    #expect(ledger.state.closings.map(\.month.description) == ["2026-02", "2026-03"])
    #expect(ledger.state.closings.last?.owner == "ben" && ledger.state.closings.last?.requestedBy == "ann")
  }

  @Test("the grant looks again: what was posted meanwhile makes it stale")
  func staleGrant() throws {
    var ledger = try ledger()
    let body = JSON.object([
      "period": .text("2026-03"), "position": .integer(5), "root": .text(TestLedger.root(at: 5)),
      "books": .object([ExactText: JSON]()),
    ])
    let change = Change(operation: .closePeriod, subject: "period/2026-03", body: body)
    let asked = try ledger.run(.change(change, terms: nil, breakGlass: nil), by: .key("ann"))
    let id = String(asked[0].subject.dropFirst(9))
    try ledger.fact(
      "completion.recorded", "call/late", Finance.completion(), at: Timestamp(rfc3339: "2026-03-01T00:00:00Z")!)
    #expect(ledger.refusal(.grantApproval(id: id, reason: "r"), by: .key("ben")) == "409 approval-stale")
    #expect(ledger.state.closedThrough == nil)
  }

  @Test("takes two owners, people of finance, and no broken glass")
  func rights() throws {
    var ledger = try ledger()
    let body = JSON.object([
      "period": .text("2026-03"), "position": .integer(5), "root": .text(TestLedger.root(at: 5)),
      "books": .object([ExactText: JSON]()),
    ])
    let change = Change(operation: .closePeriod, subject: "period/2026-03", body: body)
    func refusal(_ principal: Principal, alone: String? = nil) -> String? {
      ledger.refusal(.change(change, terms: nil, breakGlass: alone), by: principal)
    }
    #expect(refusal(.key("ann", .agent)) == "403 agent-may-not-loosen")
    #expect(refusal(.key("ann", .service)) == "403 human-required")
    var admin = Principal.key("ann")
    admin.roles = [.admin]
    #expect(refusal(admin) == "403 role-required")
    #expect(refusal(.key("ann"), alone: "nobody is here") == "409 second-owner-required")
    #expect(refusal(.key("ann")) == nil)
    let id = String(ledger.log.last?.subject.dropFirst(9) ?? "")
    #expect(ledger.refusal(.grantApproval(id: id, reason: "r"), by: .key("ann", .human, 2)) == "403 same-owner")
    #expect(ledger.refusal(.grantApproval(id: id, reason: "r"), by: .key("ben")) == nil)
  }

  @Test("is undone from its end, month by month, with two owners")
  func reopening() throws {
    var ledger = try ledger()
    #expect(ledger.reopen("2026-03") == "409 period-open")
    #expect(ledger.close("2026-03", at: 5) == nil)
    #expect(ledger.reopen("2026-02") == "409 period-not-last")
    #expect(ledger.reopen("2026-03") == nil)
    #expect(ledger.state.firstOpenDay?.description == "2026-03-01")
    // February was closed with March, and still is.
    #expect(ledger.close("2026-02", at: 5) == "409 period-closed")
    let late = try ledger.fact(
      "completion.recorded", "call/late", Finance.completion(), at: Timestamp(rfc3339: "2026-03-05T00:00:00Z")!)
    #expect(late.derived?["posting_date"]?.string == "2026-03-05")
    #expect(ledger.close("2026-03", at: 5) == "409 posted-after")
    #expect(ledger.close("2026-03", at: late.position) == nil)
    #expect(ledger.state.closings.map(\.reopenedAt) == [nil])
  }
}
