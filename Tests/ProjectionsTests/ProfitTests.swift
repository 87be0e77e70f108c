import Domain
import Postgres
import TestKit
import Testing

@testable import Projections

/// Figures worked by hand.
@Suite("Profit and loss")
struct ProfitTests {
  private func usd(_ amount: String, _ currency: String = "USD") -> JSON {
    members(["amount": .text(amount), "currency": .text(currency)])
  }

  private func call(_ model: String, _ cost: JSON?, strategy: String?, day: String = "2026-03-08") -> LoggedEvent {
    var data: JSON = members([
      "operation": .text("chat"), "model": .text(model), "provider": .text("p"), "status": .text("ok"),
      "usage": .object([:]),
    ])
    if let strategy { data["strategy"] = .text(strategy) }
    var derived: JSON = members(["posting_date": .text(day)])
    if let cost { derived["cost"] = cost } else { derived["unpriced"] = .boolean(true) }
    return LoggedEvent(type: "completion.recorded", subject: "call/\(model)-\(day)", data: data, derived: derived)
  }

  private func cost(
    _ money: JSON, _ category: String, from: String, through: String, strategy: String? = nil
  ) -> LoggedEvent {
    var data: JSON = members(["category": .text(category), "cost": money, "provider": .text("cloud")])
    if let strategy { data["strategy"] = .text(strategy) }
    return LoggedEvent(
      type: "cost.incurred", subject: "cost/\(category)", data: data,
      derived: members([
        "posting_date": .text(from), "accrual": members(["from": .text(from), "through": .text(through)]),
      ]))
  }

  private func revenue(_ money: JSON, _ strategy: String, model: String? = nil, day: String = "2026-03-08")
    -> LoggedEvent
  {
    var data: JSON = members(["revenue": money, "strategy": .text(strategy)])
    if let model { data["model"] = .text(model) }
    return LoggedEvent(
      type: "revenue.earned", subject: "revenue/\(strategy)", data: data,
      derived: members(["posting_date": .text(day)]))
  }

  private func withBooks(_ events: [LoggedEvent], _ body: (BookBench) async throws -> Void) async throws {
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      try bench.scribe.append(events)
      try await bench.posting { try await bench.settled() }
      #expect(try BookDifference.reconcile(bench.connection, ledger: "main") == [])
      try await body(bench)
    }
  }

  private func table(
    _ bench: BookBench, _ book: String, _ query: String, _ parameters: [(name: String, value: String)],
    _ columns: [String]
  ) async throws -> [String] {
    try await bench.rows(BookRequest(ledger: "main", projection: book, query: query, parameters: parameters))
      .map { row in
        columns.map { row[$0]?.string ?? row[$0]?.integer.map(String.init) ?? "-" }.joined(separator: " ")
      }
  }

  /// Models of one day: a 1 USD and b 2 USD for strategy s, c 3 USD for t, d of unknown cost, x and y 1 EUR each for u.
  private var day: [LoggedEvent] {
    [
      call("a", usd("1"), strategy: "s"), call("b", usd("2"), strategy: "s"), call("c", usd("3"), strategy: "t"),
      call("d", nil, strategy: "s"), call("x", usd("1", "EUR"), strategy: "u"),
      call("y", usd("1", "EUR"), strategy: "u"),
    ]
  }

  @Test("divides by inference cost, largest remainder first; what cannot be divided stands in its own row")
  func allocation() async throws {
    let events =
      day + [
        // 20 USD over two days: 10 on the 8th. Of it a has 10/6 = 1.666666666666|67, b 3.333333333333|33, c 5: one unit is
        // left and goes to a, whose remainder is the largest. On the 9th nobody cost anything: 10 stays undivided.
        cost(usd("20"), "vm", from: "2026-03-08", through: "2026-03-09"),
        // 1 USD of s: a 1/3 = 0.333333333333|33, b 2/3 = 0.666666666666|67: the unit that is left goes to b.
        revenue(usd("1"), "s"),
        // A strategy without calls, and a strategy with calls in another currency.
        revenue(usd("5"), "idle"), revenue(usd("7"), "u"),
        // One unit below zero, x and y even: the first key takes it, and the sign stays.
        revenue(usd("-0.000000000001", "EUR"), "u"),
        revenue(usd("4"), "t", model: "c"),
      ]
    try await withBooks(events) { bench in
      let columns = [
        "model", "currency", "revenue_direct", "revenue_allocated", "inference_cost", "vm_direct", "vm_allocated",
        "margin", "calls", "unpriced_calls",
      ]
      let rows = try await table(bench, "model_pnl", "by_model", [], columns)
      #expect(
        rows == [
          "- USD 12 0 0 10 0 2 0 0",
          "a USD 0 0.333333333333 1 0 1.666666666667 -2.333333333334 1 0",
          "b USD 0 0.666666666667 2 0 3.333333333333 -4.666666666666 1 0",
          "c USD 4 0 3 0 5 -4 1 0",
          "d XXX - - - - - - 1 1",
          "x EUR 0 -0.000000000001 1 0 0 -1.000000000001 1 0",
          "y EUR 0 0 1 0 0 -1 1 0",
        ])
      // By strategy, revenue is direct; the machine's 10 go 3 : 3 to s and t. The call of unknown cost is of s, and is
      // shown beside its figures in every currency.
      let strategies = try await table(
        bench, "strategy_pnl", "by_strategy", [],
        ["strategy", "currency", "revenue", "inference_cost", "vm_direct", "vm_allocated", "calls", "unpriced_calls"])
      #expect(
        strategies == [
          "- USD 0 0 10 0 0 0", "idle USD 5 0 0 0 0 0", "s USD 1 3 0 5 2 1", "s XXX - - - - 1 1",
          "t USD 4 3 0 5 1 0", "u EUR -0.000000000001 2 0 0 2 0", "u USD 7 0 0 0 0 0",
        ])
      // By day, month and the whole range: 17 USD earned, 6 of inference, 20 of machines.
      #expect(
        try await table(
          bench, "operation_pnl", "over_time", [(name: "group_by", value: "month")],
          [
            "month", "currency", "revenue", "inference_cost", "operating_cost", "margin", "margin_share",
            "unpriced_calls",
          ])
          == [
            "2026-03 EUR -0.000000000001 2 0 -2.000000000001 2000000000001 1", "2026-03 USD 17 6 20 -9 -0.529412 1",
            "2026-03 XXX - - - - - 1",
          ])
      #expect(
        try await table(
          bench, "model_pnl", "over_time", [(name: "from", value: "2026-03-09"), (name: "group_by", value: "none")],
          ["currency", "revenue", "operating_cost"]) == ["USD 0 10"])
      try await checkAccounts(bench)
    }
  }

  /// The same day in the trial balance.
  private func checkAccounts(_ bench: BookBench) async throws {
    #expect(
      try await table(bench, "trial_balance", "totals", [], ["currency", "debit", "credit", "difference"])
        // EUR: two calls, a refund that is a credit of the receivable, and its division. USD: 6 + 20 + 17 of entries,
        // and of divisions 10 of machines and 1 of revenue.
        == ["EUR 2.000000000002 2.000000000002 0", "USD 54 54 0"])
    #expect(
      try await table(
        bench, "trial_balance", "balance", [(name: "account", value: "Expenses")],
        ["account", "currency", "balance"])
        == [
          "Expenses:Allocated:a USD 1.666666666667", "Expenses:Allocated:b USD 3.333333333333",
          "Expenses:Allocated:c USD 5", "Expenses:Allocation:vm USD -10", "Expenses:Inference:p:a USD 1",
          "Expenses:Inference:p:b USD 2", "Expenses:Inference:p:c USD 3", "Expenses:Inference:p:x EUR 1",
          "Expenses:Inference:p:y EUR 1", "Expenses:Operating:vm USD 20",
        ])
  }

  @Test("is divided anew when the day changes, and keeps nothing of what was")
  func reallocation() async throws {
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      try bench.scribe.append([cost(usd("3"), "other", from: "2026-03-08", through: "2026-03-08")])
      let columns = ["model", "currency", "other_direct", "other_allocated"]
      try await bench.posting {
        try await bench.settled()
        #expect(try await table(bench, "model_pnl", "by_model", [], columns) == ["- USD 3 0"])
        try bench.scribe.append([call("a", usd("1"), strategy: nil)])
        try await bench.settled()
        #expect(try await table(bench, "model_pnl", "by_model", [], columns) == ["a USD 0 3"])
        try bench.scribe.append([call("b", usd("2"), strategy: nil)])
        try await bench.settled()
        #expect(try await table(bench, "model_pnl", "by_model", [], columns) == ["a USD 0 1", "b USD 0 2"])
        // a turns out to have been a credit: what is below zero has no share.
        try bench.scribe.append([call("a", usd("-5"), strategy: nil)])
        try await bench.settled()
        #expect(try await table(bench, "model_pnl", "by_model", [], columns) == ["a USD 0 0", "b USD 0 3"])
      }
      #expect(try BookDifference.reconcile(bench.connection, ledger: "main") == [])
      #expect(try bench.connection.execute("SELECT FROM book_model_pnl_v3.model_pnl_pending").count == 0)
    }
  }

  @Test("books corrections of a spread cost day by day, and those of a closed month on the first open day")
  func corrections() async throws {
    let machine = cost(usd("1"), "vm", from: "2026-03-07", through: "2026-03-09")
    let entry: JSON = members([
      "type": .text(machine.type), "position": .integer(1), "data": machine.data, "derived": machine.derived ?? .null,
    ])
    func correction(_ type: String, _ day: String, _ derived: JSON) -> LoggedEvent {
      var all = derived
      all["posting_date"] = .text(day)
      return LoggedEvent(type: type, subject: "entry/1", data: .object([:]), derived: all)
    }
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      let columns = ["day", "operating_cost"]
      try await bench.posting {
        // 1 USD: one unit is left, for the first day. Then it is 2 USD: two units are left, for the first two days.
        // What was booked goes with its own split, so each day holds exactly the split of 2.
        try bench.scribe.append([machine])
        try await bench.settled()
        var rows = try await table(bench, "model_pnl", "over_time", [], columns)
        #expect(rows == ["2026-03-07 0.333333333334", "2026-03-08 0.333333333333", "2026-03-09 0.333333333333"])
        try bench.scribe.append([
          correction(
            "cost.restated", "2026-03-07", members(["entry": entry, "before": usd("1"), "after": usd("2")]))
        ])
        try await bench.settled()
        rows = try await table(bench, "model_pnl", "over_time", [], columns)
        #expect(rows == ["2026-03-07 0.666666666667", "2026-03-08 0.666666666667", "2026-03-09 0.666666666666"])
        // March is closed: its days stay as they are, and April begins with what comes back.
        try bench.scribe.append([
          correction(
            "entry.reversed", "2026-04-01",
            members(["reversed": entry, "effective": usd("2"), "not_before": .text("2026-04-01")]))
        ])
        try await bench.settled()
        rows = try await table(bench, "model_pnl", "over_time", [], columns)
        #expect(
          rows == [
            "2026-03-07 0.666666666667", "2026-03-08 0.666666666667", "2026-03-09 0.666666666666", "2026-04-01 -2",
          ])
      }
      #expect(try BookDifference.reconcile(bench.connection, ledger: "main") == [])
    }
  }

  @Test("says where a month ends at its rate, by a day that is asked for")
  func runRate() async throws {
    let events = [
      // Ten days of 31: 6.2 to date is 19.22 at the month's end; revenue 10 is 31.
      call("a", usd("6.2"), strategy: "s", day: "2026-03-10"), revenue(usd("10"), "s", day: "2026-03-03"),
      // After the day, and before the month.
      call("a", usd("100"), strategy: "s", day: "2026-03-11"), call("a", usd("50"), strategy: "s", day: "2026-02-28"),
    ]
    let columns = [
      "strategy", "month", "day", "days_gone", "days", "revenue", "inference_cost", "margin", "projected_revenue",
      "projected_inference_cost", "projected_margin",
    ]
    try await withBooks(events) { bench in
      let rows = try await table(bench, "strategy_pnl", "run_rate", [(name: "day", value: "2026-03-10")], columns)
      #expect(rows == ["s 2026-03 2026-03-10 10 31 10 6.2 3.8 31 19.22 11.78"])
      // Without a day: the last with calls.
      let last = try await table(bench, "strategy_pnl", "run_rate", [], ["day"])
      #expect(last == ["2026-03-11"])
    }
  }

  private func rate(_ base: String, _ quote: String, _ rate: String, _ day: String) -> LoggedEvent {
    LoggedEvent(
      type: "rate.listed", subject: "rate/\(base)-\(quote)",
      data: members(["base": .text(base), "quote": .text(quote), "rate": .text(rate)]),
      derived: members(["valid_from": .text(day)]))
  }

  @Test("converts by the rate of the day, beside the amounts as they are; what has no rate stands alone")
  func currencies() async throws {
    let events = [
      LoggedEvent(type: "ledger.opened", subject: "ledger/main", data: members(["reporting_currency": .text("USD")])),
      rate("EUR", "USD", "1.2", "2026-03-01"), rate("EUR", "USD", "1.1", "2026-03-08"),
      rate("USD", "JPY", "150", "2026-03-01"),
      call("a", usd("1"), strategy: "s"),
      // 10 EUR at 1.2 and 10 at 1.1: 23 USD; before the first rate: not converted.
      call("a", usd("10", "EUR"), strategy: "s", day: "2026-03-07"), call("a", usd("10", "EUR"), strategy: "s"),
      call("a", usd("3", "EUR"), strategy: "s", day: "2026-02-28"),
      // 100 JPY where only the inverse is listed: 100 / 150 = 0.666666666667 USD.
      call("a", usd("100", "JPY"), strategy: "s"), call("a", usd("8", "CHF"), strategy: "s"),
    ]
    let columns = [
      "model", "currency", "inference_cost", "reporting_currency", "converted_inference_cost", "first_rate_day",
      "last_rate_day",
    ]
    try await withBooks(events) { bench in
      #expect(
        try await table(bench, "model_pnl", "in_currency", [(name: "group_by", value: "model,currency")], columns)
          == [
            "a EUR 20 USD 23 2026-03-01 2026-03-08", "a JPY 100 USD 0.666666666667 2026-03-01 2026-03-01",
            "a USD 1 USD 1 - -", "a CHF 8 - - - -", "a EUR 3 - - - -",
          ])
      // Added over currencies only where everything is converted.
      #expect(
        try await table(bench, "model_pnl", "in_currency", [(name: "group_by", value: "model")], columns)
          == ["a - - USD 24.666666666667 2026-03-01 2026-03-08", "a CHF 8 - - - -", "a EUR 3 - - - -"])
      // Rates that come later change nothing of what was known before.
      let early = try await bench.rows(
        BookRequest(
          ledger: "main", projection: "model_pnl", query: "in_currency",
          parameters: [(name: "currency", value: "EUR")], asOf: .position(1)))
      #expect(early.isEmpty)
      #expect(
        try await table(
          bench, "exchange_rates", "on_day", [(name: "day", value: "2026-03-07")], ["base", "quote", "day", "rate"])
          == ["EUR USD 2026-03-01 1.2", "USD JPY 2026-03-01 150"])
    }
  }
}
