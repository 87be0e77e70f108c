import Foundation
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

  private static let shared = SharedSQL(
    origin: "shared",
    files: [
      // What a shared file says of itself stays with it.
      "sums.sql": """
      -- Sums of a book.
      -- book: its name; keys: its keys.

      -- By key.
      INSERT INTO {{book}} (ledger_id, {{keys, }})
      SELECT
        :ledger,
        {{keys}},
      -- include shared/end.sql table={{book}}_x list={{keys,}}

      """,
      "end.sql": "FROM {{table}}\nWHERE {{list AND }} AND :nobody\n", "circle.sql": "-- include shared/circle.sql\n",
    ])

  @Test("puts in what projections share, with values in the place of names")
  func sharedFiles() {
    let expansion = Self.shared.expand(
      "-- The fold.\n\n-- include shared/sums.sql book=shop keys=day,article\n;\n", of: "shop/fold.sql")
    #expect(expansion.faults == [])
    #expect(
      expansion.text == """
        -- The fold.

        -- By key.
        INSERT INTO shop (ledger_id, day, article)
        SELECT
          :ledger,
          day,
          article,
        FROM shop_x
        WHERE day AND article AND :nobody
        ;

        """)
    // Faults name the line where it stands.
    #expect(expansion.place(8, of: "f") == SharedSQL.Place(file: "shared/sums.sql", line: 8))
    #expect(expansion.place(10, of: "f") == SharedSQL.Place(file: "shared/end.sql", line: 2))
    #expect(expansion.place(11, of: "f") == SharedSQL.Place(file: "shop/fold.sql", line: 4))
    #expect(expansion.place(0, of: "f") == SharedSQL.Place(file: "f", line: 0))
    let error = #expect(throws: DefinitionFaults.self) {
      try DefinitionReader.read(
        folder: "shop", origin: "shop",
        files: [
          "projection.json": "{}", "fold.sql": "-- include shared/sums.sql book=shop keys=day,article\n",
        ], shared: Self.shared)
    }
    #expect(error?.faults.contains { $0.description == "shared/end.sql:2: there is no parameter :nobody" } == true)
  }

  @Test(
    "refuses includes that cannot be put in",
    arguments: [
      ("shared/none.sql", "there is no shared/none.sql"), ("shared/sums.sql book=shop", "sums.sql needs keys=…"),
      ("shared/end.sql table=t list=a table=u", "table is given twice"),
      ("shared/end.sql table=t list=", "list= is not of the form name=value or name=value,value"),
      ("shared/end.sql table=t list=a more=b", "end.sql has no {{more}}"),
      ("shared/circle.sql", "includes stand more than 8 deep in each other"),
    ])
  func wrongIncludes(include: String, detail: String) {
    let expansion = Self.shared.expand("SELECT\n  -- include \(include)\n", of: "shop/fold.sql")
    #expect(expansion.faults.map(\.detail) == [detail])
    let place = expansion.faults.first.map { "\($0.file):\($0.line)" }
    #expect(place == (include == "shared/circle.sql" ? "shared/circle.sql:1" : "shop/fold.sql:2"))
  }

  @Test("gives folders of an operator's own what they share, and nothing of the shipped ones")
  func sharedFolders() async throws {
    try await ShopProjection.withFolder { root in
      let fold = "\(root)/shop/fold.sql"
      let text = try String(contentsOfFile: fold, encoding: .utf8)
      try FileManager.default.createDirectory(atPath: "\(root)/shared", withIntermediateDirectories: true)
      try Data("-- Of {{book}}.\n\n\(text)".replacing("shop AS", with: "{{book}} AS").utf8)
        .write(to: URL(fileURLWithPath: "\(root)/shared/sold.sql"))
      try Data("-- include shared/sold.sql book=shop\n".utf8).write(to: URL(fileURLWithPath: fold))
      let catalogue = try ProjectionCatalogue.load(extraFolders: [root])
      #expect(catalogue["shop"]?.files["fold.sql"] == text + (text.hasSuffix("\n") ? "" : "\n"))
      try Data("-- include shared/pnl_fold.sql book=shop\n".utf8).write(to: URL(fileURLWithPath: fold))
      let error = #expect(throws: DefinitionFaults.self) { try ProjectionCatalogue.load(extraFolders: [root]) }
      #expect(error?.description.contains("there is no \(root)/shared/pnl_fold.sql") == true)
    }
  }

  @Test("leaves what includes nothing as it is, and takes comments for comments")
  func withoutIncludes() {
    let text = "-- include the returned ones\nSELECT 1;\n\n"
    #expect(Self.shared.expand(text, of: "f").text == text)
  }

  @Test("keeps the definitions of the books of profit and loss as they are in their versions")
  func sameChecksums() throws {
    // A changed definition under the same version is refused at the start, and under a new one each book is built anew.
    let catalogue = try ProjectionCatalogue.load()
    let known = [
      "model_pnl": "7985a660f3b29bb1cfee94620158a9930690aad502843ce501d6abd976cd1add",
      "strategy_pnl": "548f9b6106ac9f2eb9a7ceb7ffea22ac65c9bd3b4eba2982a0ae84eb56822ce3",
      "operation_pnl": "3e5c48600e5d4422872072f8540c6d4c65a7b0893f7516a9e3fbef7fe3859eb8",
    ]
    for (name, checksum) in known { #expect(catalogue[name]?.checksum == checksum, "\(name)") }
  }
}
