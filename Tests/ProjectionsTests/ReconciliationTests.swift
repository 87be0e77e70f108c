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
    _ id: String, _ model: String, computed: String? = nil, reported: String? = nil, day: String = "2026-03-10"
  ) -> LoggedEvent {
    var data: JSON = members([
      "operation": .text("chat"), "model": .text(model), "provider": .text("p"), "status": .text("ok"),
      "usage": .object([:]),
    ])
    if let reported { data["reported_cost"] = money(reported) }
    var derived: JSON = members(["posting_date": .text(day)])
    if let cost = computed ?? reported {
      derived["cost"] = money(cost)
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
}
