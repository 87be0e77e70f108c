import Domain
import Postgres
import TestKit
import Testing

@testable import Projections

@Suite("Replaying")
struct ReplayTests {
  @Test("to random positions equals the recomputation of that prefix, and leaves nothing behind")
  func prefixes() async throws {
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      let history = RandomHistory(seed: 41, count: 800)
      try bench.scribe.append(history.events)
      try await bench.posting { try await bench.settled() }
      let queries = BookQueries(settings, catalogue: try ProjectionCatalogue.load())
      var random = SeededGenerator(seed: 42)
      for position in [0, 1, 800] + (0..<6).map({ _ in Int64.random(in: 2..<800, using: &random) }) {
        let bytes = try await queries.bytes(
          BookRequest(
            ledger: "main", projection: "daily_spend", parameters: [("group_by", "operation")],
            asOf: .position(position)))
        let answer = try JSON(parsing: bytes)
        #expect(answer["position"]?.integer == position)
        let expected = BookOracle.spend(history.events.prefix(Int(position))) { entry, currency in
          [entry.data["operation"]?.string ?? "", currency]
        }
        for row in answer["rows"]?.elements ?? [] {
          let key = [row["operation"]?.string ?? "", row["currency"]?.string ?? ""].map { ExactText($0) }
          #expect(Int128(row["calls"]?.integer ?? -1) == expected[key]?.sums["calls"])
          #expect(row["cost"]?.string.flatMap { Amount($0) }?.units == expected[key]?.sums["cost"])
        }
        #expect(answer["rows"]?.elements?.count == expected.count)
        let byTime = try await queries.digest(
          "daily_spend", ledger: "main",
          asOf: .time(Timestamp(microseconds: LedgerScribe.recordedTime(position).microseconds + 999_999)))
        #expect(byTime.position == position)
        #expect(try await queries.digest("daily_spend", ledger: "main", asOf: .position(position)) == byTime)
      }
      let live = try await queries.digest("daily_spend", ledger: "main")
      #expect(try await queries.digest("daily_spend", ledger: "main", asOf: .position(800)) == live)
      #expect(try await queries.digest("daily_spend", ledger: "main", asOf: .position(799)) != live)
      let left = try bench.connection.execute("SELECT FROM pg_namespace WHERE nspname LIKE 'replay%'")
      #expect(left.count == 0)
      await queries.close()
    }
  }

  @Test("beyond the head is refused, and more at once than allowed too")
  func bounds() async throws {
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      try bench.scribe.append(RandomHistory(seed: 43, count: 50).events)
      try await bench.posting { try await bench.settled() }
      let queries = BookQueries(
        settings, catalogue: try ProjectionCatalogue.load(), limits: BookLimits(replays: 1))
      let request = { BookRequest(ledger: "main", projection: "daily_spend", asOf: .position($0)) }
      let beyond = await #expect(throws: ProjectionError.self) { try await queries.open(request(51)) }
      #expect(beyond?.code == .beyondHead)
      let open = try await queries.open(request(50))
      let second = await #expect(throws: ProjectionError.self) { try await queries.open(request(50)) }
      #expect(second?.code == .tooManyReplays)
      let explaining = await #expect(throws: ProjectionError.self) {
        try await queries.explain(
          ExplanationRequest(ledger: "main", projection: "daily_spend", key: [("day", "2026-02-01")]))
      }
      #expect(explaining?.code == .tooManyReplays)
      let comparing = await #expect(throws: ProjectionError.self) {
        try await queries.compare(
          ComparisonRequest(ledger: "main", projection: "daily_spend", from: .position(1), to: nil))
      }
      #expect(comparing?.code == .tooManyReplays)
      let counting = await #expect(throws: ProjectionError.self) { try await queries.countedAsReplay { _ in } }
      #expect(counting?.code == .tooManyReplays)
      await open.close()
      try await queries.open(request(50)).close()
      try await queries.countedAsReplay { _ in }
      await queries.close()
      let hasty = BookQueries(
        settings, catalogue: try ProjectionCatalogue.load(), limits: BookLimits(replayTimeout: .zero))
      let late = await #expect(throws: ProjectionError.self) {
        try await hasty.compare(
          ComparisonRequest(ledger: "main", projection: "daily_spend", from: .position(1), to: nil))
      }
      #expect(late?.code == .timeLimit)
      await hasty.close()
      let narrow = BookQueries(
        settings, catalogue: try ProjectionCatalogue.load(), limits: BookLimits(replayBytes: 1))
      let large = await #expect(throws: ProjectionError.self) {
        try await narrow.digest("daily_spend", ledger: "main", asOf: .position(50))
      }
      #expect(large?.code == .spaceLimit)
      await narrow.close()
    }
  }
}
