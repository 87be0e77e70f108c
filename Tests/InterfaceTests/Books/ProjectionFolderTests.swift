import Domain
import Foundation
import Testing

/// An operator's own book: a folder and no Swift.
@Suite struct ProjectionFolderTests {
  private static let files = [
    "projection.json": """
    {"name": "shop", "version": 1, "title": "Shop", "description": "What the shop sold.", "events": ["x.shop.sold"],
     "tables": [{"name": "shop", "description": "One article.", "key": ["article"]}],
     "queries": [{"name": "by_article", "title": "Sales", "file": "queries/by_article.sql",
       "parameters": [{"name": "article", "type": "texts", "description": "Only these."}],
       "columns": [{"name": "article", "type": "text", "description": "Article."},
         {"name": "sold", "type": "integer", "description": "Pieces."},
         {"name": "income", "type": "amount", "description": "Income."}]}]}
    """,
    "tables.sql": """
    CREATE TABLE shop (
      ledger_id text COLLATE "C" NOT NULL, article text COLLATE "C" NOT NULL, sold bigint NOT NULL,
      income numeric NOT NULL, PRIMARY KEY (ledger_id, article));
    """,
    "fold.sql": """
    INSERT INTO shop AS old (ledger_id, article, sold, income)
    SELECT :ledger, data ->> 'article', count(*), sum((data ->> 'price')::numeric)
    FROM daybook.events
    WHERE ledger_id = :ledger AND position > :floor AND position <= :ceiling AND type = 'x.shop.sold'
    GROUP BY 2
    ON CONFLICT (ledger_id, article) DO UPDATE SET sold = old.sold + excluded.sold, income = old.income + excluded.income;
    """,
    "queries/by_article.sql": """
    SELECT article, sold, income FROM shop
    WHERE ledger_id = :ledger AND (:article IS NULL OR article = ANY (:article)) ORDER BY article;
    """,
  ]

  @Test func aFolderAddsEndpointDescriptionAndCommandLine() async throws {
    let folder = try Folder()
    for (path, text) in Self.files { try folder.write(text, to: "shop/\(path)") }
    try await withInterface(Setup(posts: true, projectionFolders: [folder.path])) { interface in
      let sales = [("tea", "1.5"), ("tea", "1"), ("café", "0.25")].enumerated().map { number, sale in
        Sample.event(
          "sale-\(number)", type: "x.shop.sold",
          data: .object(["article": .text(sale.0), "price": .text(sale.1)]))
      }
      let head = try await interface.append(sales).positions.last ?? 0
      let answer = try await interface.send("GET", "/v1/ledgers/main/books/shop?min_position=\(head)")
      let expected: [JSON] = [
        .object(["article": .text("café"), "sold": .integer(1), "income": .text("0.25")]),
        .object(["article": .text("tea"), "sold": .integer(2), "income": .text("2.5")]),
      ]
      #expect(answer.rows == expected, "\(answer.text)")
      let one = try await interface.send("GET", "/v1/ledgers/main/books/shop/by_article?article=caf%C3%A9")
      #expect(one.rows == [expected[0]])
      let wrong = try await interface.send("GET", "/v1/ledgers/main/books/shop?shelf=1")
      #expect(wrong.problem == "invalid-parameter")
      let past = try await interface.send("GET", "/v1/ledgers/main/books/shop?as_of=\(head - 2)")
      #expect(past.rows.map { $0["sold"] } == [.integer(1)])
      let document = try await interface.send("GET", "/openapi.json").json
      let operation = document["paths"]?["/v1/ledgers/{ledger}/books/shop/by_article"]?["get"]
      #expect(operation?["summary"]?.string?.contains("Sales") == true)
      #expect(operation?["parameters"]?.elements?.contains { $0["name"] == .text("article") } == true)
      let (status, output) = try await Program.run(
        ["query", "shop", "by_article", "--article", "tea", "--format", "ndjson"],
        environment: ["DAYBOOK_URL": "http://127.0.0.1:\(interface.port)", "DAYBOOK_KEY": interface.admin])
      #expect(status == 0, "\(output)")
      #expect(try JSON(parsing: Array(output.utf8)) == expected[1], "\(output)")
    }
  }
}
