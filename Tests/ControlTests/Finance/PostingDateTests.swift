import Control
import Domain
import Testing

@Suite("The days that facts are posted on")
struct PostingDateTests {
  /// New York in 2026: from the second Sunday of March to the first of November an hour less behind.
  static let newYork = ReportingZone(
    identifier: "America/New_York", initialOffset: -18_000,
    transitions: [
      .init(from: Timestamp(rfc3339: "2026-03-08T07:00:00Z")!, offset: -14_400),
      .init(from: Timestamp(rfc3339: "2026-11-01T06:00:00Z")!, offset: -18_000),
    ])

  @Test(
    "a cost is for the days that its half-open period touches",
    arguments: [
      // Within a day, to the end of a day, and a microsecond more.
      ("2026-02-10T05:00:00Z", "2026-02-10T06:00:00Z", "2026-02-10", "2026-02-10"),
      ("2026-02-10T05:00:00Z", "2026-02-11T05:00:00Z", "2026-02-10", "2026-02-10"),
      ("2026-02-10T05:00:00Z", "2026-02-11T05:00:00.000001Z", "2026-02-10", "2026-02-11"),
      // The whole of February, of a year without a leap day and of one with it.
      ("2026-02-01T05:00:00Z", "2026-03-01T05:00:00Z", "2026-02-01", "2026-02-28"),
      ("2028-02-01T05:00:00Z", "2028-03-01T05:00:00Z", "2028-02-01", "2028-02-29"),
      // The day of 23 hours ends at 04:00 UTC, that of 25 hours at 05:00.
      ("2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z", "2026-03-08", "2026-03-08"),
      ("2026-03-08T05:00:00Z", "2026-03-09T04:00:00.000001Z", "2026-03-08", "2026-03-09"),
      ("2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z", "2026-11-01", "2026-11-01"),
      // Across a year's end, in the zone a day later than in UTC.
      ("2026-12-31T04:59:59Z", "2027-01-01T05:00:01Z", "2026-12-30", "2027-01-01"),
    ])
  func accrual(start: String, end: String, from: String, through: String) throws {
    var ledger = TestLedger()
    ledger.zone = Self.newYork
    let event = try ledger.fact("cost.incurred", "cost/1", Finance.cost("31", start, end), at: ledger.now)
    #expect(event.derived?["accrual"] == .object(["from": .text(from), "through": .text(through)]))
    #expect(event.derived?["posting_date"]?.string == from)
  }

  private func invoice(_ issued: String?) -> JSON {
    .object([
      "provider": .text("p"), "period_start": .text("2026-01-01T05:00:00Z"),
      "period_end": .text("2026-02-01T05:00:00Z"), "issued_at": issued.map { .text($0) },
      "lines": .array([.object(["cost": Finance.money("12")])]),
    ])
  }

  @Test("an invoice is posted on the day of its issue, else on its period's last day")
  func invoices() throws {
    var ledger = TestLedger()
    ledger.zone = Self.newYork
    let issued = try ledger.fact("invoice.received", "invoice/1", invoice("2026-02-03T04:00:00Z"), at: ledger.now)
    #expect(issued.derived?["posting_date"]?.string == "2026-02-02")
    let plain = try ledger.fact("invoice.received", "invoice/2", invoice(nil), at: ledger.now)
    #expect(plain.derived?["posting_date"]?.string == "2026-01-31")
    #expect(
      plain.derived?["period"] == .object(["from": .text("2026-01-01"), "through": .text("2026-01-31")]))
    #expect(plain.derived?["accrual"] == nil)
  }

  @Test("what comes for a closed month goes to the first open day, and says that it is late")
  func closedMonths() throws {
    var ledger = TestLedger()
    try ledger.open()
    let time = Timestamp(rfc3339: "2026-02-27T12:00:00Z")!
    let early = try ledger.fact("completion.recorded", "call/1", Finance.completion(), at: time)
    #expect(early.derived?["posting_date"]?.string == "2026-02-27" && early.derived?["late"] == nil)
    #expect(ledger.close("2026-02", at: early.position) == nil)
    let late = try ledger.fact("completion.recorded", "call/2", Finance.completion(), at: time)
    #expect(late.derived?["posting_date"]?.string == "2026-03-01")
    #expect(late.derived?["late"]?.boolean == true)
    // A cost that reaches into open days keeps those, and only the closed ones move.
    let cost = try ledger.fact(
      "cost.incurred", "cost/1", Finance.cost("10", "2026-02-26T00:00:00Z", "2026-03-08T00:00:00Z"), at: ledger.now)
    #expect(
      cost.derived?["accrual"]
        == .object([
          "from": .text("2026-02-26"), "through": .text("2026-03-07"), "not_before": .text("2026-03-01"),
        ]))
    #expect(cost.derived?["posting_date"]?.string == "2026-03-01")
    let open = try ledger.fact(
      "cost.incurred", "cost/2", Finance.cost("10", "2026-03-02T00:00:00Z", "2026-03-08T00:00:00Z"), at: ledger.now)
    #expect(open.derived?["accrual"]?["not_before"] == nil && open.derived?["late"] == nil)
  }
}
