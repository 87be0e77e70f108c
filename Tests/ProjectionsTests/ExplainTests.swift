import Domain
import Postgres
import TestKit
import Testing

@testable import Projections

@Suite("Explaining a number")
struct ExplainTests {
  /// A book's row in the oracle: the entries that count in it, with their positions.
  private static func entries(
    _ events: ArraySlice<LoggedEvent>, _ key: (BookOracle.Entry) -> [String]?
  ) -> [[ExactText]: [(position: Int64, entry: BookOracle.Entry)]] {
    var rows: [[ExactText]: [(Int64, BookOracle.Entry)]] = [:]
    for (index, event) in events.enumerated() {
      for entry in BookOracle.entries([event]) {
        guard let key = key(entry) else { continue }
        rows[key.map { ExactText($0) }, default: []].append((Int64(index + 1), entry))
      }
    }
    return rows
  }

  private static let spendKey = ["day", "operation", "model", "provider", "currency"]
  private static func spendKey(_ entry: BookOracle.Entry) -> [String]? {
    guard entry.type == "completion.recorded" else { return nil }
    return [BookOracle.day(entry)] + ["operation", "model", "provider"].map { entry.data[$0]?.string ?? "" }
      + [BookOracle.money(entry.cost)?.currency ?? "XXX"]
  }

  private static let profitKey = ["day", "model", "currency"]
  private static func profitKey(_ entry: BookOracle.Entry) -> [String]? {
    let money: JSON? =
      switch entry.type {
      case "completion.recorded": entry.cost
      case "cost.incurred": entry.data["cost"]
      default: entry.data["revenue"]
      }
    return [
      BookOracle.day(entry), entry.data["model"]?.string ?? "", BookOracle.money(money)?.currency ?? "XXX",
    ]
  }

  /// The sum of a member over contributions; nil where none has it.
  static func sum(_ events: [JSON], _ member: String) -> Int128? {
    let values = events.compactMap { event -> Int128? in units(event["contribution"]?[member]) }
    return values.isEmpty ? nil : values.reduce(0, +)
  }

  static func units(_ value: JSON?) -> Int128? {
    guard let value else { return nil }
    if let number = value.integer { return Int128(number) * 1_000_000_000_000 }
    return value.string.flatMap { Amount($0) }?.units
  }

  static func explain(_ queries: BookQueries, _ request: ExplanationRequest) async throws -> (
    rows: [JSON], events: [JSON], foundBy: String
  ) {
    var request = request
    var events: [JSON] = []
    while true {
      let page = try await queries.explain(request)
      events += page["events"]?.elements ?? []
      guard let next = page["next"]?.integer else {
        return (page["rows"]?.elements ?? [], events, page["found_by"]?.string ?? "")
      }
      #expect(next >= request.after)
      request.after = next
    }
  }

  private static func request(
    _ projection: String, _ names: [String], _ key: [ExactText], asOf: ReplayPoint? = nil, limit: Int = 1000
  ) -> ExplanationRequest {
    ExplanationRequest(
      ledger: "main", projection: projection, key: zip(names, key).map { ($0, $1.string) }, asOf: asOf, limit: limit)
  }

  @Test("names exactly the events of a row, and what they add is the row", arguments: ["daily_spend", "model_pnl"])
  func addsUp(_ book: String) async throws {
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      let history = RandomHistory(seed: 81, count: 500).events
      try bench.scribe.append(history)
      try await bench.posting { try await bench.settled() }
      let queries = BookQueries(settings, catalogue: try ProjectionCatalogue.load())
      let (names, key, sums) =
        book == "daily_spend"
        ? (
          Self.spendKey, Self.spendKey(_:),
          ["calls", "failed_calls", "unpriced_calls", "cost"] + RandomHistory.classes
        )
        : (
          Self.profitKey, Self.profitKey(_:),
          ["calls", "unpriced_calls", "revenue_direct", "inference_cost", "vm_direct"]
        )
      var random = SeededGenerator(seed: 82)
      for end in [500, Int.random(in: 50...499, using: &random)] {
        let expected = Self.entries(history.prefix(end), key)
        for (row, entries) in expected.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }).shuffled(
          using: &random
        )
        .prefix(8) {
          let (rows, events, foundBy) = try await Self.explain(
            queries,
            Self.request(
              book, names, row, asOf: end == 500 ? nil : .position(Int64(end)), limit: end == 500 ? 1000 : 3)
          )
          // What names no model is listed with the rows that have a share of it, without saying how much that is; it is
          // all that the row without a model has.
          let own = row[1].string.isEmpty ? events : events.filter { Self.units($0["contribution"]?["calls"]) != nil }
          #expect(own.compactMap { $0["position"]?.integer } == entries.map(\.position), "\(row)")
          #expect(rows.count == 1 && foundBy == "declaration")
          for name in sums where !row[1].string.isEmpty {
            #expect(Self.sum(events, name) == Self.units(rows.first?[name]), "\(row) \(name)")
          }
          #expect(events.allSatisfy { event in names.allSatisfy { event["key"]?[$0] == rows.first?[$0] } })
        }
      }
      await queries.close()
    }
  }

  @Test("of every shipped table with a declaration gives rows that add up, and the same events as folding finds")
  func declaredEqualsFolded() async throws {
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      try bench.scribe.append(RandomHistory(seed: 83, count: 300).events)
      try await bench.posting { try await bench.settled() }
      let catalogue = try ProjectionCatalogue.load()
      let queries = BookQueries(settings, catalogue: catalogue)
      var found: [String: [Int64]] = [:]
      var random = SeededGenerator(seed: 84)
      var requests: [(String, ExplanationRequest)] = []
      // A row of model_pnl changes with the shares of others, which is no event of its own: see the test above.
      for definition in catalogue.definitions where definition.name != "model_pnl" {
        for table in definition.tables where table.explainStatement != nil {
          let schema = try bench.connection.execute(
            "SELECT schema_name FROM daybook.projections WHERE projection = $1 AND state = 'live'",
            [.text(definition.name)]
          ).string(0, 0)
          let columns = try DigestColumn.read(schema, table.name, on: bench.connection)
          let all = try RowSelection(table, columns: columns, given: []) { _ in [] }
            .rows(in: schema, ledger: "main", columns: columns, on: bench.connection)
          for row in all.shuffled(using: &random).prefix(2) {
            let key = table.key.map { name in
              (name, row[name].map { $0.string ?? String($0.integer ?? 0) } ?? "")
            }
            let request = ExplanationRequest(
              ledger: "main", projection: definition.name, table: table.name, key: key, limit: 1000)
            let (rows, events, foundBy) = try await Self.explain(queries, request)
            #expect(rows == [row] && foundBy == "declaration" && !events.isEmpty, "\(table.name) \(key)")
            for name in (events.first?["contribution"]?.members ?? [:]).keys {
              #expect(Self.sum(events, name.string) == Self.units(row[name.string]), "\(table.name) \(key) \(name)")
            }
            // What adds nothing at all changes no row, so that folding cannot see it.
            let telling = events.filter { event in
              (event["contribution"]?.members ?? [:]).isEmpty
                || (event["contribution"]?.members ?? [:]).values.contains { (Self.units($0) ?? 0) != 0 }
                || event["type"]?.string?.hasPrefix("killswitch") == true
            }
            let id = "\(table.name) \(key)"
            // A restatement takes one cost off and puts another in its place: two contributions of one event.
            found[id] = telling.compactMap { $0["position"]?.integer }.reduce(into: []) { positions, position in
              if positions.last != position { positions.append(position) }
            }
            requests.append((id, request))
          }
        }
      }
      let asked = Set(requests.map(\.1.projection))
      #expect(asked.isSuperset(of: ["daily_spend", "route_health", "approval_queue"]))
      // The same books without their declarations.
      try bench.connection.script(
        """
        UPDATE daybook.projections SET definition = jsonb_set(
          definition, '{projection.json}',
          to_jsonb(regexp_replace(definition ->> 'projection.json', '"explain": "[^"]*",', '', 'g')))
        """)
      for (id, request) in requests {
        let (_, events, foundBy) = try await Self.explain(queries, request)
        #expect(foundBy == "folding")
        #expect(events.compactMap { $0["position"]?.integer } == found[id], "\(id)")
      }
      await queries.close()
    }
  }

  @Test("of a book of one's own is found by folding, page by page, from snapshots too")
  func folded() async throws {
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      try bench.scribe.append(
        (0..<400).map { $0 % 7 == 0 ? ShopProjection.sale("a", "2", $0) : ShopProjection.sale("b", "1", $0) })
      let catalogue = try await ShopProjection.withFolder { try ProjectionCatalogue.load(extraFolders: [$0]) }
      try await bench.posting(catalogue, limits: SnapshotTests.limits) {
        try await bench.eventually {
          try BookStatus.read(bench.connection).contains { $0.projection == "shop" && $0.position == 400 }
        }
      }
      let queries = BookQueries(settings, catalogue: catalogue)
      let request = ExplanationRequest(ledger: "main", projection: "shop", key: [("article", "a")], limit: 10)
      let (rows, events, foundBy) = try await Self.explain(queries, request)
      #expect(foundBy == "folding" && rows.first?["sold"]?.integer == 58)
      #expect(events.compactMap { $0["position"]?.integer } == stride(from: 1, through: 400, by: 7).map { Int64($0) })
      // Pages that end because their time was up come to the same end.
      let hasty = BookQueries(settings, catalogue: catalogue, limits: BookLimits(scanTime: .zero))
      var late = request
      (late.after, late.limit) = (300, 1000)
      let rest = try await Self.explain(hasty, late).events
      #expect(rest == events.filter { ($0["position"]?.integer ?? 0) > 300 })
      await hasty.close()
      #expect(events[0]["before"] == .null && events[0]["after"]?["sold"]?.integer == 1)
      #expect(events[57]["before"]?["income"] == .text("114") && events[57]["after"]?["income"] == .text("116"))
      await queries.close()
    }
  }

  @Test("takes parts of a key, a person by name, and refuses what is no key")
  func keys() async throws {
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      let history = RandomHistory(seed: 85, count: 200).events
      let named = history.map { event in
        var event = event
        if event.derived?["persons"]?["/user"]?.string == "p_u1" {
          event.derived?["persons"] = members(["/user": .text("p_AAAAAAAAAAAAAAAAAAAAAA")])
        }
        return event
      }
      try bench.scribe.append(named)
      try bench.connection.execute(
        "INSERT INTO daybook.persons VALUES ('main', 'user', 'ann', 'p_AAAAAAAAAAAAAAAAAAAAAA')")
      try await bench.posting { try await bench.settled() }
      let queries = BookQueries(settings, catalogue: try ProjectionCatalogue.load())
      let byName = try await Self.explain(
        queries,
        ExplanationRequest(ledger: "main", projection: "daily_spend", key: [("user_token", "ann")], limit: 1000))
      let expected = named.enumerated().filter { _, event in
        event.type == "completion.recorded"
          && event.derived?["persons"]?["/user"]?.string == "p_AAAAAAAAAAAAAAAAAAAAAA"
      }.map { Int64($0.offset + 1) }
      let positions = Set(byName.events.compactMap { $0["position"]?.integer })
      #expect(positions.isSuperset(of: expected))
      #expect(
        byName.rows.count > 1 && byName.rows.allSatisfy { $0["user_token"] == .text("p_AAAAAAAAAAAAAAAAAAAAAA") })
      for (key, table) in [
        ([("nothing", "1")], nil), ([], nil), ([("day", "2026-02-01")], "nowhere"), ([("team", "x")], "daily_spend"),
        ([("day", "1"), ("day", "2")], nil),
      ] as [([(String, String)], String?)] {
        let error = await #expect(throws: ProjectionError.self) {
          try await queries.explain(
            ExplanationRequest(ledger: "main", projection: "daily_spend", table: table, key: key))
        }
        #expect(error?.code == .badParameters && error?.faults.isEmpty == false, "\(key)")
      }
      await queries.close()
    }
  }
}
