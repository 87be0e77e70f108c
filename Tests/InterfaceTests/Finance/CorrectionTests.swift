import Domain
import Testing

/// Restated costs, rates and differences over HTTP.
@Suite struct CorrectionTests {
  @Test func restatementsChainAndAReversalTakesBackWhatIsBookedNow() async throws {
    try await withInterface(Setup(prices: [Sample.price("deepseek", "input_tokens", "1")])) { interface in
      let position = try await interface.append([Sample.completion("a", output: 0)]).positions[0]
      func restate(_ amount: String, key: String? = nil) async throws -> Answer {
        try await interface.command(
          "restatements",
          .object(["position": .integer(position), "cost": Sample.money(amount), "reason": .text("credit note")]),
          idempotencyKey: key)
      }
      let first = try await restate("0.002", key: "one")
      #expect(first.status == 200, "\(first.text)")
      let derived = try await interface.derived(first.positions[0])
      #expect(derived["before"] == Sample.money("0.001") && derived["after"] == Sample.money("0.002"))
      #expect(derived["entry"]?["position"] == .integer(position))
      // The same command again changes nothing.
      #expect(try await restate("0.002", key: "one").positions == first.positions)
      #expect(try await restate("0.002").problem == "same-cost")
      let second = try await restate("-1")
      #expect(try await interface.derived(second.positions[0])["before"] == Sample.money("0.002"))
      let reversal = try await interface.command(
        "reversals", .object(["position": .integer(position), "reason": .text("r")]))
      #expect(try await interface.derived(reversal.positions[0])["effective"] == Sample.money("-1"))
      #expect(try await restate("3").problem == "already-reversed")
      let agent = try await interface.issueKey(kind: "agent", roles: ["agent"]).text
      #expect(try await interface.command("restatements", .object([:]), key: agent).status == 403)
    }
  }

  @Test func twentyRestatementsAtOnceMakeOneChain() async throws {
    try await withInterface { interface in
      let position = try await interface.append([
        Sample.completion("a", data: ["reported_cost": Sample.money("1")])
      ]).positions[0]
      let answers = try await interface.crowd(20) { number in
        try await interface.command(
          "restatements",
          .object([
            "position": .integer(position), "cost": Sample.money("\(number + 2)"), "reason": .text("r"),
          ]))
      }
      #expect(answers.allSatisfy { $0.status == 200 })
      let records =
        try await interface.send("GET", "/v1/ledgers/main/events?type=cost.restated").json["records"]?.elements ?? []
      var booked: JSON? = Sample.money("1")
      for record in records {
        #expect(record["derived"]?["before"] == booked)
        booked = record["derived"]?["after"]
      }
      #expect(records.count == 20)
    }
  }

  @Test func invoicesRatesAndDifferencesAreRecorded() async throws {
    try await withInterface { interface in
      let invoice = JSON.object([
        "provider": .text("acme"), "number": .text("2026/1"), "period_start": .text("2026-01-01T00:00:00Z"),
        "period_end": .text("2026-02-01T00:00:00Z"),
        "lines": .array([
          .object([
            "model": .text("deepseek"), "quantity": .text("1.5"), "unit": .text("million tokens"),
            "cost": Sample.money("12.5"),
          ]), .object(["sku": .text("credit"), "cost": Sample.money("-2")]),
        ]),
      ])
      let received = try await interface.append([
        Sample.event("i", type: "invoice.received", subject: "invoice/i-1", data: invoice)
      ])
      #expect(received.status == 200, "\(received.text)")
      #expect(try await interface.derived(received.positions[0])["posting_date"] == .text("2026-01-31"))
      let service = try await interface.issueKey(kind: "service", roles: ["service"]).text
      #expect(
        try await interface.append(
          [Sample.event("j", type: "invoice.received", subject: "invoice/i-2", data: invoice)], key: service
        ).status == 403)
      let rate = JSON.object([
        "base": .text("EUR"), "quote": .text("USD"), "rate": .text("1.0842"),
        "valid_from": .text("2026-01-01T00:00:00Z"),
      ])
      let listed = try await interface.command("rates", rate)
      #expect(try await interface.derived(listed.positions[0])["valid_from"] == .text("2026-01-01"))
      let difference = JSON.object([
        "invoice": .text("i-1"), "provider": .text("acme"), "booked": Sample.money("10"),
        "invoiced": Sample.money("10.5"), "difference": Sample.money("0.5"),
        "period": .object(["from": .text("2026-01-01"), "through": .text("2026-01-31")]),
        "tolerance": .object(["amount": Sample.money("0.1")]), "position": .integer(received.positions[0]),
      ])
      #expect(try await interface.command("reconciliations", difference).status == 200)
      let metrics = try await interface.send("GET", "/metrics").text
      #expect(metrics.contains("daybook_reconciliation_differences_total{ledger=\"main\"} 1"))
    }
  }
}
