import Crypto
import Domain
import Postgres
import Projections
import Testing

/// Months that close: asked for by one owner, granted by another, never changed again.
@Suite struct PeriodTests {
  private static let prices = [
    Sample.price("deepseek", "input_tokens", "1"), Sample.price("deepseek", "output_tokens", "1"),
  ]
  private static let january = "daily_spend?from=2026-01-01&to=2026-01-31"

  @Test func figuresOfAClosedMonthNeverChange() async throws {
    try await withInterface(Setup(prices: Self.prices, posts: true)) { interface in
      let desk = try await FinanceDesk(interface)
      try await interface.append([
        Sample.completion("a"), Sample.completion("b", time: "2026-01-31T23:59:59Z"),
        Sample.completion("c", time: "2026-02-01T00:00:00Z"),
      ])
      let before = try await desk.rows(Self.january)
      let (approval, asked) = try await desk.ask("periods/2026-01/close")
      #expect(asked.status == 202, "\(asked.text)")
      let claimed = try #require(asked.json["claim"]?["position"]?.integer)
      #expect(asked.json["claim"]?["books"]?["daily_spend"]?.string?.utf8.count == 64)
      // The one who asked does not grant.
      let id = try #require(approval)
      #expect(try await interface.grant(id, key: interface.admin, in: "main").problem == "same-owner")
      #expect(try await interface.grant(id, key: desk.second, in: "main").status == 200)
      // Late ones, a reversal and a restatement of January go to February.
      let late = try await interface.append([
        Sample.completion("late"),
        Sample.event(
          "vm", type: "cost.incurred", subject: "cost/vm",
          data: .object([
            "category": .text("vm"), "cost": Sample.money("31"), "period_start": .text("2026-01-01T00:00:00Z"),
            "period_end": .text("2026-02-01T00:00:00Z"),
          ])),
      ]).positions
      #expect(try await interface.derived(late[0])["posting_date"] == .text("2026-02-01"))
      #expect(try await interface.derived(late[0])["late"] == .boolean(true))
      #expect(try await interface.derived(late[1])["accrual"]?["not_before"] == .text("2026-02-01"))
      let first = try await desk.records("completion.recorded")[0]["event"]?["position"]?.string.flatMap { Int64($0) }
      let reversal = try await interface.command(
        "reversals", .object(["position": .integer(try #require(first)), "reason": .text("twice")]))
      #expect(reversal.status == 200, "\(reversal.text)")
      #expect(try await interface.derived(reversal.positions[0])["posting_date"] == .text("2026-02-01"))
      #expect(try await desk.rows(Self.january) == before)
      #expect(try await desk.rows(Self.january, asOf: claimed) == before)
      #expect(try await desk.rows(Self.january, asOf: try await interface.head()) == before)
    }
  }

  @Test func closingIsRefusedWhereItMust() async throws {
    try await withInterface(Setup(timeZone: "America/New_York", prices: Self.prices, posts: true)) { interface in
      let desk = try await FinanceDesk(interface)
      try await interface.append([Sample.completion("a", time: "2026-02-01T04:59:59Z")])
      for book in ["daily_spend", "model_pnl"] { _ = try await desk.rows(book) }
      for (path, problem) in [
        ("periods/9998-01/close", "period-not-over"), ("periods/2026-01/reopen", "period-open"),
        ("periods/2026-13/close", "not-found"),
      ] {
        let body = JSON.object(path.hasSuffix("reopen") ? ["reason": .text("r")] : [:])
        #expect(try await interface.command(path, body).problem == problem, "\(path)")
      }
      // Posted to the month between the request and the grant.
      let stale = try #require(try await desk.ask("periods/2026-01/close").approval)
      try await interface.append([Sample.completion("b", time: "2026-01-20T00:00:00Z")])
      #expect(try await interface.grant(stale, key: desk.second, in: "main").problem == "approval-stale")
      #expect(
        try await interface.command("approvals/\(stale)/withdraw", .object(["reason": .text("stale")])).status == 200)
      try await desk.settle("periods/2026-01/close")
      #expect(try await desk.ask("periods/2026-01/close").answer.problem == "period-closed")
      // 04:59:59 UTC was still January in New York, and is February now.
      let late = try await interface.append([Sample.completion("c", time: "2026-02-01T04:59:59Z")]).positions
      #expect(try await interface.derived(late[0])["posting_date"] == .text("2026-02-01"))
      try await desk.settle("periods/2026-01/reopen", .object(["reason": .text("an invoice came late")]))
      let listed = try await interface.send("GET", "/v1/ledgers/main/periods").json
      #expect(listed["first_open"] == .text("2026-01-01") && listed["closed_through"] == .text("2025-12"))
      let row = try #require(listed["periods"]?.elements?.first { $0["period"] == .text("2026-01") })
      #expect(row["state"] == .text("open") && row["granted_by"] == .text("second"))
      #expect(row["reopened_at"]?.integer != nil && row["requested_by"] == .text("first-owner"))
    }
  }

  @Test func claimsAreCheckedByReplayingTheBooks() async throws {
    try await withInterface(Setup(prices: Self.prices, posts: true)) { interface in
      let desk = try await FinanceDesk(interface)
      try await interface.append([Sample.completion("a")])
      for book in ["daily_spend", "model_pnl"] { _ = try await desk.rows(book) }
      try await desk.settle("periods/2026-01/close")
      try await interface.append([Sample.completion("b")])
      let settings = interface.settings
      let books = BookQueries(settings, catalogue: try ProjectionCatalogue.load())
      let claims = try await ClosingAudit.run(settings, books: books, ledger: "main")
      #expect(!claims.isEmpty && claims.allSatisfy { $0.outcome == .same && $0.found == $0.claimed }, "\(claims)")
      #expect(claims.map(\.book).contains("daily_spend") && claims.map(\.book).contains("model_pnl"))
      // A closing that somebody wrote past the ledger.
      try await offTheCooperativePool {
        let connection = try Connection(settings)
        defer { connection.close() }
        try connection.script(
          """
          INSERT INTO daybook.events
          SELECT (jsonb_populate_record(e, jsonb_build_object(
            'position', h.position + 1, 'id', 'forged', 'sequence', 99,
            'data', jsonb_set(e.data, '{books,daily_spend}', to_jsonb(repeat('0', 64)))))).*
          FROM daybook.events e, (SELECT max(position) AS position FROM daybook.events WHERE ledger_id = 'main') h
          WHERE e.ledger_id = 'main' AND e.type = 'period.closed'
          """)
      }
      let after = try await ClosingAudit.run(settings, books: books, ledger: "main", period: "2026-01")
      #expect(after.filter { $0.outcome == .different }.map(\.book) == ["daily_spend"])
      #expect(try await ClosingAudit.run(settings, books: books, ledger: "main", period: "2026-02").isEmpty)
      await books.close()
    }
  }
}
