import Domain
import Postgres
import TestKit
import Testing

@testable import Projections

/// What providers bill, beside what is booked: cases worked by hand.
@Suite("Reconciliation")
struct ReconciliationTests {
  private func money(_ amount: String, _ currency: String = "USD") -> JSON {
    members(["amount": .text(amount), "currency": .text(currency)])
  }

  private func call(
    _ id: String, _ model: String, computed: String? = nil, reported: String? = nil, day: String = "2026-03-10",
    currency: String = "USD"
  ) -> LoggedEvent {
    var data: JSON = members([
      "operation": .text("chat"), "model": .text(model), "provider": .text("p"), "status": .text("ok"),
      "usage": .object([:]),
    ])
    if let reported { data["reported_cost"] = money(reported) }
    var derived: JSON = members(["posting_date": .text(day)])
    if let cost = computed ?? reported {
      derived["cost"] = money(cost, currency)
      derived["basis"] = .text(computed == nil ? "reported" : "computed")
    }
    return LoggedEvent(type: "completion.recorded", subject: "call/\(id)", data: data, derived: derived)
  }

  private func decision(_ id: String, _ model: String, _ estimate: String, version: Int = 2) -> LoggedEvent {
    LoggedEvent(
      type: "route.decided", subject: "call/\(id)",
      data: members(["operation": .text("chat"), "model": .text(model), "provider": .text("p")]),
      derived: members(["estimate": members(["cost": money(estimate)])]), typeVersion: version)
  }

  private func invoice(_ id: String, number: String?, _ lines: [(model: String?, cost: JSON)]) -> LoggedEvent {
    var data: JSON = members([
      "provider": .text("p"),
      "lines": .array(
        lines.map { line in
          var json: JSON = members(["cost": line.cost])
          if let model = line.model { json["model"] = .text(model) }
          return json
        }),
    ])
    if let number { data["number"] = .text(number) }
    return LoggedEvent(
      type: "invoice.received", subject: "invoice/\(id)", data: data,
      derived: members([
        "posting_date": .text("2026-03-31"),
        "period": members(["from": .text("2026-03-01"), "through": .text("2026-03-31")]),
      ]))
  }

  private func rows(
    _ bench: BookBench, _ query: String, _ parameters: [(name: String, value: String)] = [], _ columns: [String]
  ) async throws -> [String] {
    try await bench.rows(
      BookRequest(ledger: "main", projection: "reconciliation", query: query, parameters: parameters)
    ).map { row in columns.map { row[$0]?.string ?? row[$0]?.integer.map(String.init) ?? "-" }.joined(separator: " ")
    }
  }

  @Test("finds differences, what is billed without calls, calls without cost, and what is billed twice")
  func findings() async throws {
    let events = [
      // a: 100 booked, 100.4 billed: 0.4 is within half a percent. b: 10 booked, 10.4 billed: beyond it.
      call("1", "a", computed: "100"), call("2", "b", computed: "10"),
      // c: no cost is known, 3 are billed. d: 7 booked and never billed, but for a cent too little to matter: e.
      call("3", "c"), call("4", "d", computed: "7"), call("5", "e", computed: "0.009"),
      // f: booked in USD, billed in EUR. g: billed, never called. Outside of the period: h.
      call("6", "f", computed: "2"), call("7", "h", computed: "9", day: "2026-04-01"),
      invoice(
        "i1", number: "N-1",
        [
          ("a", money("100.4")), ("b", money("10")), ("b", money("0.4")), ("c", money("3")), ("f", money("2", "EUR")),
          ("g", money("5")), ("a", money("-0.000000000001")),
        ]),
    ]
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      try bench.scribe.append(events)
      try await bench.posting {
        try await bench.settled()
        let columns = ["finding", "model", "currency", "invoiced", "booked", "difference", "difference_share"]
        #expect(
          try await rows(bench, "invoices", [], columns) == [
            "matched a USD 100.399999999999 100 0.399999999999 0.004", "difference b USD 10.4 10 0.4 0.04",
            "calls_without_cost c USD 3 - 3 -", "not_invoiced d USD - 7 -7 -1", "matched e USD - 0.009 -0.009 -1",
            "other_currency f EUR 2 - 2 -", "not_invoiced f USD - 2 -2 -1", "cost_without_calls g USD 5 - 5 -",
          ])
        let findings = try await rows(bench, "differences", [], ["finding", "model"])
        #expect(
          findings == [
            "calls_without_cost c", "cost_without_calls g", "difference b", "not_invoiced d", "not_invoiced f",
            "other_currency f",
          ])
        // Other tolerances: everything of USD but what is unknown is within 8 USD.
        #expect(
          try await rows(bench, "differences", [(name: "tolerance", value: "8")], ["finding", "model"])
            == ["calls_without_cost c"])
        #expect(
          try await rows(
            bench, "differences", [(name: "tolerance", value: "0"), (name: "tolerance_share", value: "0.03999")],
            ["finding", "model"]
          ).contains("difference b"))
        // All of the provider together: 118.799999999999 billed, 119.009 booked.
        #expect(
          try await rows(bench, "invoices", [(name: "level", value: "provider")], columns) == [
            "other_currency - EUR 2 - 2 -", "matched - USD 118.799999999999 119.009 -0.209000000001 -0.001756",
          ])

        // The same number again, and b again: the provider billed twice. A credit note is no repetition.
        try bench.scribe.append([
          invoice("i2", number: "N-1", [("b", money("10"))]), invoice("i3", number: nil, [("g", money("-5"))]),
        ])
        try await bench.settled()
        let doubled = try await rows(
          bench, "differences", [], ["finding", "model", "invoice", "invoices", "invoiced", "booked"])
        #expect(
          doubled.filter { $0.hasPrefix("d") } == [
            "difference b i2 2 20.4 10", "duplicate_line b i2 2 20.4 -", "duplicate_number - i2 2 - -",
          ])
        #expect(!doubled.contains { $0.contains(" g ") })
      }
      #expect(try BookDifference.reconcile(bench.connection, ledger: "main") == [])
    }
  }

  @Test("sets estimates of decisions beside what their calls cost, once for each call")
  func estimates() async throws {
    let events = [
      // Estimated 3, first attempt absorbed, then a fallback: the estimate stands where it was made.
      decision("1", "a", "3"), call("1", "a", computed: "0.5", reported: "0.25"), call("1", "b", computed: "2"),
      // An external decision, a decision whose call is never reported, and a call that nobody decided.
      decision("2", "a", "9", version: 1), call("2", "a", reported: "1"), decision("3", "a", "9"),
      call("4", "b", computed: "4", reported: "4"),
      // Told first, decided later: no estimate of this call.
      call("5", "a"), decision("5", "a", "9"), call("5", "a"),
    ]
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      try bench.scribe.append(events)
      try await bench.posting { try await bench.settled() }
      #expect(
        try await rows(
          bench, "by_key", [],
          [
            "model", "currency", "calls", "unpriced_calls", "estimated_calls", "estimated", "computed", "reported",
            "reported_difference", "reported_difference_share", "booked",
          ]) == [
            "a USD 2 2 2 12 0.5 1.25 -0.25 -0.5 1.5", "a XXX 2 2 0 - - - - - -", "b USD 2 0 0 0 6 4 0 0 6",
          ])
    }
  }

  private func differed(
    _ invoice: String, _ model: String?, booked: String, invoiced: String, difference: String
  ) -> LoggedEvent {
    var data: JSON = members([
      "invoice": .text(invoice), "provider": .text("p"),
      "period": members(["from": .text("2026-03-01"), "through": .text("2026-03-31")]), "booked": money(booked),
      "invoiced": money(invoiced), "difference": money(difference),
      "tolerance": members(["amount": money("0.01"), "share": .text("0.005")]), "position": .integer(3),
    ])
    if let model { data["model"] = .text(model) }
    return LoggedEvent(
      type: "reconciliation.differed", subject: "invoice/\(invoice)", data: data, derived: .object([:]))
  }

  @Test("shows beside a finding what was recorded of it, and all that was recorded in a list")
  func recorded() async throws {
    let events = [
      call("1", "a", computed: "10"), call("2", "b", computed: "5"),
      invoice("i1", number: nil, [("a", money("11")), ("b", money("7"))]),
      // Position 4 is followed by 5, which says more; 6 is of all models together, and 7 of something that is no more.
      differed("i1", "a", booked: "10", invoiced: "10.5", difference: "0.5"),
      differed("i1", "a", booked: "10", invoiced: "11", difference: "1"),
      differed("i1", nil, booked: "15", invoiced: "18", difference: "3"),
      differed("i1", "z", booked: "2", invoiced: "1", difference: "-1"),
    ]
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      try bench.scribe.append(events)
      try await bench.posting { try await bench.settled() }
      let columns = ["finding", "model", "difference", "recorded_position", "recorded_difference"]
      #expect(
        try await rows(bench, "differences", [], columns) == ["difference a 1 5 1", "difference b 2 - -"])
      #expect(
        try await rows(bench, "differences", [(name: "level", value: "provider")], columns)
          == ["difference - 3 6 3"])
      #expect(
        try await rows(
          bench, "recorded", [],
          [
            "position", "invoice", "model", "invoiced", "booked", "difference", "difference_share", "tolerance",
            "tolerance_share", "book_position",
          ]) == [
            "7 i1 z 1 2 -1 -0.5 0.01 0.005 3", "6 i1 - 18 15 3 0.2 0.01 0.005 3", "5 i1 a 11 10 1 0.1 0.01 0.005 3",
            "4 i1 a 10.5 10 0.5 0.05 0.01 0.005 3",
          ])
      let times = try await rows(bench, "recorded", [], ["recorded_at"])
      let beside = try await rows(bench, "differences", [], ["recorded_at"])
      #expect(beside == [times[2], "-"] && times.allSatisfy { $0.hasSuffix("Z") })
      #expect(try BookDifference.reconcile(bench.connection, ledger: "main") == [])
      try bench.connection.execute(
        "DELETE FROM book_reconciliation_v3.reconciliation_recorded WHERE ledger_id = 'main' AND position = 7")
      let found = try BookDifference.reconcile(bench.connection, ledger: "main")
      #expect(found.map(\.measure).sorted() == ["recorded USD", "recorded differences USD"])
    }
  }

  private func rate(_ base: String, _ quote: String, _ rate: String, _ day: String) -> LoggedEvent {
    LoggedEvent(
      type: "rate.listed", subject: "rate/\(base)-\(quote)",
      data: members(["base": .text(base), "quote": .text(quote), "rate": .text(rate)]),
      derived: members(["valid_from": .text(day)]))
  }

  @Test("shows what rates made of costs until they were billed, apart from what is billed otherwise")
  func exchangeDifferences() async throws {
    let events = [
      LoggedEvent(type: "ledger.opened", subject: "ledger/main", data: members(["reporting_currency": .text("EUR")])),
      rate("USD", "EUR", "0.9", "2026-03-01"), rate("USD", "EUR", "0.95", "2026-03-11"),
      rate("USD", "EUR", "0.8", "2026-03-31"),
      // a: 100 USD at 0.9 and 10 USD at 0.95 were worth 99.5 EUR. On the invoice's day, 31 March, 110 USD are worth 88
      // EUR: 11.5 EUR are gained. 111 USD are billed: 88.8 EUR, 0.8 more than booked.
      call("1", "a", computed: "100"), call("2", "a", computed: "10", day: "2026-03-11"),
      // b: 10 USD booked at 0.9 are 9 EUR, and 8 when billed: 1 EUR gained. Billed are 9.2 EUR, not USD: 1.2 EUR more.
      call("3", "b", computed: "10"),
      // c: booked in EUR. d: no rate of its currency is known. e: never billed, so nothing is realised.
      call("4", "e", computed: "7"),
      call("5", "c", computed: "4", currency: "EUR"), call("6", "d", computed: "3", currency: "CHF"),
      invoice(
        "i1", number: nil,
        [
          ("a", money("111")), ("b", money("9.2", "EUR")), ("c", money("4", "EUR")), ("d", money("3", "CHF")),
        ]),
      // A second invoice for what the first one settled: all of it is a difference of billing.
      invoice("i2", number: nil, [("a", money("-1"))]),
    ]
    let columns = [
      "invoice", "model", "currency", "booked", "invoiced", "booked_value", "billed_value", "exchange_difference",
      "invoiced_value", "billing_difference", "first_rate_day", "last_rate_day",
    ]
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      try bench.scribe.append(events)
      try await bench.posting { try await bench.settled() }
      #expect(
        try await rows(bench, "exchange_differences", [], columns) == [
          "i1 a USD 110 111 99.5 88 -11.5 88.8 0.8 2026-03-01 2026-03-31",
          "i1 b EUR - 9.2 0 0 0 9.2 9.2 - -", "i1 b USD 10 - 9 8 -1 0 -8 2026-03-01 2026-03-31",
          "i1 c EUR 4 4 4 4 0 4 0 - -", "i1 d CHF 3 3 - - - - - - -",
          "i2 a USD - -1 0 0 0 -0.8 -0.8 2026-03-31 2026-03-31",
        ])
      // -11.5 - 1 = -12.5; 0.8 + 9.2 - 8 + 0 - 0.8 = 1.2; what has no rate stands alone.
      let sums = ["month", "currency", "reporting_currency", "exchange_difference", "billing_difference"]
      #expect(
        try await rows(bench, "exchange_differences", [(name: "group_by", value: "month")], sums)
          == ["2026-03 - EUR -12.5 1.2", "2026-03 CHF - - -"])
      // All of the provider together, in USD: the rate of the day is the only one that is needed for EUR.
      #expect(
        try await rows(
          bench, "exchange_differences",
          [
            (name: "currency", value: "USD"), (name: "level", value: "provider"),
            (name: "group_by", value: "currency"), (name: "to", value: "2026-03-31"),
          ], ["currency", "booked", "exchange_difference"]) == [
            // 4 EUR were 4 / 0.9 = 4.444444444444 USD, and are 4 / 0.8 = 5.
            "EUR 4 0.555555555556", "USD 127 0", "CHF 3 -",
          ])
      #expect(
        try await rows(bench, "exchange_differences", [(name: "from", value: "2026-04-01")], columns) == [])
    }
  }
}
