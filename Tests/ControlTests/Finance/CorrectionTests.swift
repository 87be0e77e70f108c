import Control
import Domain
import Testing

@Suite("Restatements and reversals of entries")
struct CorrectionTests {
  private func restate(_ position: Int64, _ amount: String, _ currency: String = "USD") -> Command {
    .restateEntry(
      .object([
        "position": .integer(position), "cost": Finance.money(amount, currency), "reason": .text("credit note"),
        "invoice": .text("inv-1"),
      ]))
  }

  private func ledger() throws -> TestLedger {
    var ledger = TestLedger()
    try ledger.open()
    let time = Timestamp(rfc3339: "2026-02-10T00:00:00Z")!
    try ledger.fact("completion.recorded", "call/1", Finance.completion(reported: "3"), at: time)
    try ledger.fact("completion.recorded", "call/2", Finance.completion(), at: time)
    try ledger.fact(
      "cost.incurred", "cost/1", Finance.cost("20", "2026-02-20T00:00:00Z", "2026-03-10T00:00:00Z"), at: time)
    return ledger
  }

  @Test("each says what was booked before, and the reversal what is booked now")
  func chain() throws {
    var ledger = try ledger()
    let first = try ledger.run(restate(2, "2.5"), by: .key("ann"))[0]
    #expect(first.data["restates"] == .integer(2) && first.data["invoice"]?.string == "inv-1")
    #expect(first.derived?["before"] == Finance.money("3") && first.derived?["after"] == Finance.money("2.5"))
    #expect(first.derived?["posting_date"]?.string == "2026-02-10")
    #expect(first.derived?["entry"]?["type"]?.string == "completion.recorded")
    let second = try ledger.run(restate(2, "2", "EUR"), by: .key("ann"))[0]
    #expect(
      second.derived?["before"] == Finance.money("2.5") && second.derived?["after"] == Finance.money("2", "EUR"))
    #expect(ledger.refusal(restate(2, "2", "EUR"), by: .key("ann")) == "409 same-cost")
    let reversal = try ledger.run(.reverseEntry(position: 2, reason: "r"), by: .key("ann"))[0]
    #expect(reversal.derived?["effective"] == Finance.money("2", "EUR"))
    #expect(ledger.refusal(restate(2, "1"), by: .key("ann")) == "409 already-reversed")
    // What had no cost has no before; what was never corrected has no effective.
    let unpriced = try ledger.run(restate(3, "1"), by: .key("ann"))[0]
    #expect(unpriced.derived?["before"] == nil)
    let plain = try ledger.run(.reverseEntry(position: 4, reason: "r"), by: .key("ann"))[0]
    #expect(plain.derived?["effective"] == nil && plain.derived?["not_before"] == nil)
  }

  @Test("need an entry with a cost, and no agent")
  func refusals() throws {
    var ledger = try ledger()
    #expect(ledger.refusal(restate(99, "1"), by: .key("ann")) == "404 event-not-found")
    #expect(ledger.refusal(restate(1, "1"), by: .key("ann")) == "422 not-restatable")
    #expect(ledger.refusal(restate(2, "1"), by: .key("ann", .agent)) == "403 agent-may-not-loosen")
    #expect(ledger.refusal(restate(2, "1"), by: .key("ann", .service)) == nil)
  }

  @Test("of a closed month are posted to the first open day, and only what lies before it")
  func closedMonth() throws {
    var ledger = try ledger()
    #expect(ledger.close("2026-02", at: 4) == nil)
    let call = try ledger.run(restate(2, "1"), by: .key("ann"))[0]
    #expect(call.derived?["posting_date"]?.string == "2026-03-01" && call.derived?["not_before"] == nil)
    let cost = try ledger.run(restate(4, "1"), by: .key("ann"))[0]
    #expect(cost.derived?["posting_date"]?.string == "2026-03-01")
    #expect(cost.derived?["not_before"]?.string == "2026-03-01")
    // What was booked late keeps its own first day, though the month is open again.
    let late = try ledger.fact(
      "cost.incurred", "cost/2", Finance.cost("20", "2026-02-20T00:00:00Z", "2026-03-10T00:00:00Z"), at: ledger.now)
    #expect(ledger.reopen("2026-02") == nil)
    let reversal = try ledger.run(.reverseEntry(position: late.position, reason: "r"), by: .key("ann"))[0]
    #expect(reversal.derived?["not_before"]?.string == "2026-03-01")
    #expect(ledger.state.lastPosting(upTo: AccountingMonth("2026-02")!) == 4)
  }
}

@Suite("Rates of exchange and differences to invoices")
struct RateTests {
  private func rate(_ base: String, _ rate: String, from: String = "2026-02-10T00:00:00Z") -> Command {
    .listRate(
      .object([
        "base": .text(base), "quote": .text("USD"), "rate": .text(rate), "valid_from": .text(from),
      ]))
  }

  @Test("hold from their day, or from the first open one")
  func days() throws {
    var ledger = TestLedger()
    try ledger.open()
    #expect(try ledger.run(rate("EUR", "1.0842"), by: .key("ann"))[0].derived?["valid_from"]?.string == "2026-02-10")
    #expect(ledger.close("2026-02", at: 1) == nil)
    let late = try ledger.run(rate("EUR", "1.09"), by: .key("ann"))[0]
    #expect(late.derived?["valid_from"]?.string == "2026-03-01" && late.subject == "rate/EUR-USD")
    #expect(ledger.refusal(rate("USD", "1"), by: .key("ann")) == "422 invalid-rate")
    #expect(ledger.refusal(rate("EUR", "0"), by: .key("ann")) == "422 invalid-rate")
    #expect(ledger.refusal(rate("EUR", "1"), by: .key("ann", .agent)) == "403 agent-may-not-loosen")
  }

  @Test("differences add up, in one currency, at a position that there was")
  func differences() throws {
    var ledger = TestLedger()
    try ledger.open()
    func command(_ difference: JSON, position: Int64 = 1) -> Command {
      .recordDifference(
        .object([
          "invoice": .text("i-1"), "provider": .text("p"), "booked": Finance.money("10"),
          "invoiced": Finance.money("12.5"), "difference": difference, "position": .integer(position),
          "tolerance": .object(["share": .text("0.01")]),
          "period": .object(["from": .text("2026-02-01"), "through": .text("2026-02-28")]),
        ]))
    }
    #expect(try ledger.run(command(Finance.money("2.5")), by: .key("ann"))[0].subject == "invoice/i-1")
    #expect(
      ledger.refusal(command(Finance.money("-2.5")), by: .key("ann")) == "422 difference-does-not-add-up")
    #expect(
      ledger.refusal(command(Finance.money("2.5", "EUR")), by: .key("ann")) == "422 difference-does-not-add-up")
    #expect(ledger.refusal(command(Finance.money("2.5"), position: 99), by: .key("ann")) == "404 event-not-found")
  }
}
