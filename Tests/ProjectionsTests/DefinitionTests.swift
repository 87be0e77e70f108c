import Testing

@testable import Projections

@Suite("Reading definitions")
struct DefinitionTests {
  @Test("gives the eleven shipped books")
  func shipped() throws {
    let catalogue = try ProjectionCatalogue.load()
    #expect(
      catalogue.definitions.map(\.name) == [
        "approval_queue", "budget_status", "daily_spend", "exchange_rates", "kill_switch_history", "model_pnl",
        "operation_pnl", "reconciliation", "route_health", "strategy_pnl", "trial_balance",
      ])
    #expect(catalogue["daily_spend"]?.queries.map(\.name) == ["by_key", "by_user", "by_team", "over_time"])
  }

  @Test(
    "splits statements and numbers parameters without looking into quotes and comments",
    arguments: [
      ("SELECT :a, :b, :a", ["SELECT <1>, <2>, <1>"], ["a", "b"]),
      ("SELECT ':a;' , \":b\" -- ; :c\n; SELECT :a::text", ["SELECT ':a;' , \":b\" \n", "SELECT <1>::text"], ["a"]),
      ("SELECT $$ ; :a $$, $x$ $$ ; $x$, :a", ["SELECT $$ ; :a $$, $x$ $$ ; $x$, <1>"], ["a"]),
      ("/* ; /* :a */ */ SELECT E'\\';:a', 'it''s;', :b", ["SELECT E'\\';:a', 'it''s;', <1>"], ["b"]),
      ("SELECT a[1:2], :a", ["SELECT a[1:2], <1>"], ["a"]),
      (" ;; -- nothing\n;", [], []),
    ] as [(String, [String], [String])])
  func scanner(text: String, expected: [String], names: [String]) throws {
    let statements = try SQLScanner.statements(text) { ["a", "b"].contains($0) ? "<?>" : nil }
    #expect(statements.map { $0.text.replacing("$", with: "") } == expected.map { $0.replacing("$", with: "") })
    if let last = statements.last { #expect(last.parameters == names) }
  }

  @Test(
    "refuses with the line",
    arguments: [
      ("SELECT 1;\nSELECT :c", 2, "there is no parameter :c"), ("SELECT\n'x", 2, "this quotation has no end"),
      ("\n/* x", 2, "this comment has no end"), ("SELECT $1", 1, "write parameters by name (:ledger), not by number"),
      ("SELECT $a$ x", 1, "this dollar quotation has no end"),
    ])
  func refusals(text: String, line: Int, detail: String) {
    let fault = #expect(throws: SQLScanner.Fault.self) { try SQLScanner.statements(text) { _ in nil } }
    #expect(fault?.line == line)
    #expect(fault?.detail == detail)
  }

  @Test("names all faults at once, with file, line and pointer")
  func manifestFaults() throws {
    let files = [
      "projection.json": """
      {
        "name": "Shop", "version": 0, "title": "", "description": "d", "surprise": 1,
        "events": ["sold"],
        "tables": [{"name": "other", "description": "d", "key": [], "explain": "explain/other.sql"},
          {"name": "shop", "description": "d", "key": ["a"], "explain": "explain/none.sql"}],
        "queries": [{"name": "explain", "title": "t", "file": "queries/q.sql",
          "parameters": [{"name": "format", "type": "float", "description": "d"}],
          "columns": [{"name": "c", "type": "text", "description": "d", "when": "nobody"}]}]
      }
      """,
      "tables.sql": "DROP TABLE x",
      "fold.sql": "SELECT 1;\nINSERT INTO t SELECT :nobody",
      "queries/q.sql": "SELECT 1; SELECT 2", "explain/other.sql": "SELECT :position; DELETE FROM x",
    ]
    let error = #expect(throws: DefinitionFaults.self) {
      try DefinitionReader.read(folder: "shop", origin: "shop", files: files)
    }
    let said = error?.faults.map(\.description).joined(separator: "\n") ?? ""
    for part in [
      "shop/projection.json:2: /name", "/version", "/title", "/surprise", "/events/0", "/tables/0/name",
      "/tables/0/key", "/queries/0/parameters/0/type", "/queries/0/columns/0/when", "shop/tables.sql:1: DROP",
      "shop/explain/other.sql:1: there is no parameter :position", "shop/explain/none.sql", "explain is the name of",
      "shop/fold.sql:2: there is no parameter :nobody", "shop/queries/q.sql:1: a query is one statement",
    ] {
      #expect(said.contains(part), "\(part) is missing in:\n\(said)")
    }
  }

  /// What was read before is not read again; but Swift takes both spellings of é for equal, and so would a look-up by text.
  @Test("of texts that differ in a byte are two, however often they were read")
  func spellings() throws {
    for title in ["\u{E9}", "e\u{301}", "\u{E9}", "e\u{301}"] {
      let definition = try DefinitionReader.read(
        folder: "shop", origin: "shop",
        files: [
          "projection.json": ShopProjection.manifest.replacing("VERSION", with: "1").replacing(
            "\"Shop\"", with: "\"\(title)\""),
          "tables.sql": ShopProjection.tables, "fold.sql": ShopProjection.fold.replacing("FACTOR", with: "1"),
          "queries/by_article.sql": ShopProjection.query,
        ])
      #expect(Array(definition.title.utf8) == Array(title.utf8))
    }
  }
}
