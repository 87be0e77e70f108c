import Domain
import Postgres
import TestKit
import Testing

@testable import Projections

@Suite("Comparing two points of a book")
struct CompareTests {
  private static let names = ["day", "operation", "model", "provider", "currency"]

  private static func spend(_ events: some Sequence<LoggedEvent>) -> [[ExactText]: BookOracle.Row] {
    BookOracle.spend(events) { entry, currency in
      [BookOracle.day(entry)] + ["operation", "model", "provider"].map { entry.data[$0]?.string ?? "" } + [currency]
    }
  }

  /// All pages.
  private func compare(_ queries: BookQueries, _ request: ComparisonRequest) async throws -> (
    rows: [JSON], tables: [JSON]
  ) {
    var request = request
    var rows: [JSON] = []
    while true {
      let page = try await queries.compare(request)
      rows += page["rows"]?.elements ?? []
      guard let next = page["next"]?.integer else { return (rows, page["tables"]?.elements ?? []) }
      #expect(next == Int64(rows.count))
      request.after = next
    }
  }

  @Test(
    "names the rows that differ, what each column was and is, and the events that did it", arguments: [true, false])
  func randomPoints(isDeclared: Bool) async throws {
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      let history = RandomHistory(seed: 91, count: 400).events
      try bench.scribe.append(history)
      try await bench.posting(limits: SnapshotTests.limits) { try await bench.settled() }
      if !isDeclared {
        try bench.connection.script(
          """
          UPDATE daybook.projections SET definition = jsonb_set(
            definition, '{projection.json}',
            to_jsonb(regexp_replace(definition ->> 'projection.json', '"explain": "[^"]*",', '', 'g')))
          """)
      }
      let queries = BookQueries(settings, catalogue: try ProjectionCatalogue.load())
      var random = SeededGenerator(seed: 92)
      for _ in 0..<3 {
        let from = Int.random(in: 0..<400, using: &random)
        let to = Int.random(in: from...min(400, from + 120), using: &random)
        let (rows, tables) = try await compare(
          queries,
          ComparisonRequest(
            ledger: "main", projection: "daily_spend", table: "daily_spend", from: .position(Int64(from)),
            to: .position(Int64(to)), limit: 7))
        let (old, new) = (Self.spend(history.prefix(from)), Self.spend(history.prefix(to)))
        let expected = Set(new.keys.filter { old[$0] != new[$0] })
        #expect(Set(rows.map(key)) == expected)
        #expect(rows.count == expected.count)
        let counted = tables.reduce(0) { $0 + ($1["added"]?.integer ?? 0) + ($1["changed"]?.integer ?? 0) }
        #expect(counted == Int64(expected.count))
        for row in rows {
          let key = key(row)
          let (before, after) = (old[key], try #require(new[key]))
          #expect(row["change"] == .text(before == nil ? "added" : "changed"))
          for (name, value) in after.sums {
            let pair = row["columns"]?[name]?.elements
            let unchanged = before.map { ($0.sums[name] ?? 0) == value } ?? false
            #expect((pair == nil) == unchanged, "\(name) \(row)")
            guard let pair else { continue }
            let factor: Int128 = name == "cost" ? 1 : 1_000_000_000_000
            #expect(ExplainTests.units(pair[1]) == value * factor)
            #expect(ExplainTests.units(pair[0]) == before.map { ($0.sums[name] ?? 0) * factor })
          }
          let positions = history[from..<to].indices.filter { index in
            BookOracle.entries([history[index]]).contains { entry in
              entry.type == "completion.recorded" && Self.spend([history[index]]).keys.contains(key)
            }
          }.map { JSON.integer(Int64($0 + 1)) }
          #expect(row["events"]?.elements == positions, "\(key)")
          #expect(row["has_all_events"] == .boolean(true))
        }
      }
      await queries.close()
    }
  }

  private func key(_ row: JSON) -> [ExactText] { Self.names.map { ExactText(row["key"]?[$0]?.string ?? "") } }

  /// A book whose rows come and go.
  private static func stock() throws -> ProjectionCatalogue {
    let fold = """
      INSERT INTO shop (ledger_id, article, sold, income)
      SELECT :ledger, data ->> 'article', 1, (data ->> 'price')::numeric
      FROM daybook.events
      WHERE ledger_id = :ledger AND position > :floor AND position <= :ceiling AND type = 'x.shop.sold';
      DELETE FROM shop
      USING daybook.events AS e
      WHERE shop.ledger_id = :ledger AND e.ledger_id = :ledger AND e.position > :floor AND e.position <= :ceiling
        AND e.type = 'x.shop.returned' AND article = e.data ->> 'article';
      """
    let definition = try DefinitionReader.read(
      folder: "shop", origin: "shop",
      files: [
        "projection.json": ShopProjection.manifest.replacing("VERSION", with: "1"),
        "tables.sql": ShopProjection.tables, "fold.sql": fold, "queries/by_article.sql": ShopProjection.query,
      ])
    return ProjectionCatalogue([definition])
  }

  @Test("names rows that went away, with the event that took them")
  func removed() async throws {
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      var events = (0..<30).map { ShopProjection.sale("a\($0)", "2", $0) }
      for number in [3, 25] {
        var event = ShopProjection.sale("a\(number)", "2", 100 + number)
        event.type = "x.shop.returned"
        events.append(event)
      }
      try bench.scribe.append(events)
      let catalogue = try Self.stock()
      try await bench.posting(catalogue) {
        try await bench.eventually {
          try BookStatus.read(bench.connection).contains { $0.projection == "shop" && $0.position == 32 }
        }
      }
      let queries = BookQueries(settings, catalogue: catalogue)
      let (rows, tables) = try await compare(
        queries, ComparisonRequest(ledger: "main", projection: "shop", from: .position(20), to: .position(32)))
      #expect(tables.first?["added"] == .integer(9) && tables.first?["removed"] == .integer(1))
      let gone = try #require(rows.first { $0["change"] == .text("removed") })
      #expect(gone["key"]?["article"] == .text("a3") && gone["events"] == .array([.integer(31)]))
      #expect(gone["columns"]?["income"] == .array([.text("2"), .null]))
      await queries.close()
    }
  }

  @Test("finds everything from the beginning, and nothing between equal points; a point before the other is refused")
  func edges() async throws {
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      try bench.scribe.append(RandomHistory(seed: 93, count: 60).events)
      try await bench.posting { try await bench.settled() }
      let queries = BookQueries(settings, catalogue: try ProjectionCatalogue.load())
      for book in SnapshotTests.books {
        let (rows, tables) = try await compare(
          queries,
          ComparisonRequest(ledger: "main", projection: book, from: .position(0), to: nil, limit: 1000))
        #expect(rows.allSatisfy { $0["change"] == .text("added") && $0["has_all_events"] == .boolean(true) })
        #expect(rows.allSatisfy { $0["events"]?.elements?.isEmpty == false }, "\(book)")
        #expect(Int64(rows.count) == tables.reduce(0) { $0 + ($1["added"]?.integer ?? 0) })
        let same = try await compare(
          queries,
          ComparisonRequest(ledger: "main", projection: book, from: .position(30), to: .position(30)))
        #expect(same.rows.isEmpty)
      }
      let error = await #expect(throws: ProjectionError.self) {
        try await queries.compare(
          ComparisonRequest(ledger: "main", projection: "daily_spend", from: .position(2), to: .position(1)))
      }
      #expect(error?.code == .badParameters)
      await queries.close()
    }
  }
}
