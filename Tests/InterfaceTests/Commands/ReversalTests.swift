import Domain
import Testing

/// Taking an entry back: the log keeps both, the books subtract, and it can be done once.
@Suite struct ReversalTests {
  @Test func aReversalSubtractsInTheBooksAndOnlyOnce() async throws {
    let prices = [Sample.price("deepseek", "input_tokens", "1"), Sample.price("deepseek", "output_tokens", "1")]
    try await withInterface(Setup(prices: prices, posts: true)) { interface in
      let positions = try await interface.append([
        Sample.completion("a", data: ["user": .text("ann"), "team": .text("t")]),
        Sample.completion("b", input: 5, output: 0, data: ["user": .text("ann"), "team": .text("t")]),
        Sample.event(
          "r", type: "revenue.earned", subject: "revenue/r",
          data: .object([
            "revenue": Sample.money("2.5"), "strategy": .text("s"), "model": .text("deepseek"),
            "earned_at": .text("2026-01-05T00:00:00Z"),
          ])),
      ]).positions
      let before = try await Self.books(interface)
      #expect(before["daily_spend"]?.first?["calls"] == .integer(2))
      #expect(before["model_pnl"]?.first?["revenue_direct"] == .text("2.5"), "\(before["model_pnl"] ?? [])")
      for position in [positions[0], positions[2]] {
        let answer = try await Self.reverse(interface, position)
        #expect(answer.status == 200, "\(answer.text)")
        let again = try await Self.reverse(interface, position)
        #expect(again.status == 409)
        #expect(again.problem == "already-reversed")
      }
      let after = try await Self.books(interface)
      for book in ["daily_spend", "daily_spend/by_user", "daily_spend/by_team"] {
        let row = try #require(after[book]?.first, "\(book)")
        #expect(row["calls"] == .integer(1), "\(book)")
        #expect(row["input_tokens"] == .integer(5), "\(book)")
        #expect(row["cost"] == .text("0.000005"), "\(book)")
      }
      let profit = try #require(after["model_pnl"]?.first)
      #expect(profit["inference_cost"] == .text("0.000005"))
      #expect(profit["revenue_direct"] == .text("0"), "\(profit)")
      // The reversal itself is no entry.
      let reversal = try await interface.head()
      #expect(try await Self.reverse(interface, reversal).problem == "not-reversible")
    }
  }

  private static func reverse(_ interface: Interface, _ position: Int64) async throws -> Answer {
    try await interface.command(
      "reversals", .object(["position": .integer(position), "reason": .text("a mistake")]))
  }

  private static func books(_ interface: Interface) async throws -> [String: [JSON]] {
    let head = try await interface.head()
    var rows: [String: [JSON]] = [:]
    for book in ["daily_spend", "daily_spend/by_user", "daily_spend/by_team", "model_pnl"] {
      let answer = try await interface.send("GET", "/v1/ledgers/main/books/\(book)?min_position=\(head)")
      #expect(answer.status == 200, "\(answer.text)")
      rows[book] = answer.rows
    }
    return rows
  }

  @Test func twentyReversalsAtOnceReverseOnce() async throws {
    try await withInterface { interface in
      let position = try await interface.append([Sample.completion("a")]).positions[0]
      let answers = try await interface.crowd(20) { _ in try await Self.reverse(interface, position) }
      #expect(answers.count { $0.status == 200 } == 1)
      #expect(answers.count { $0.problem == "already-reversed" } == 19)
    }
  }

  @Test func aReversalCarriesWhatItReversesToItsDay() async throws {
    try await withInterface(Setup(timeZone: "America/New_York")) { interface in
      let position = try await interface.append([
        Sample.completion("a", time: "2026-01-05T03:00:00Z", data: ["user": .text("ann-marie")])
      ]).positions[0]
      let original = try await interface.derived(position)
      #expect(original["posting_date"] == .text("2026-01-04"))
      let answer = try await Self.reverse(interface, position)
      let derived = try await interface.derived(answer.positions[0])
      #expect(derived["posting_date"] == .text("2026-01-04"))
      #expect(derived["reversed"]?["derived"] == original)
      #expect(derived["reversed"]?["position"] == .integer(position))
      // Whom it was about stands in it by token alone.
      let record = try await interface.send("GET", "/v1/ledgers/main/events/\(answer.positions[0])")
      #expect(!record.text.contains("ann-marie"))
    }
  }
}
