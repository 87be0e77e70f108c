import Domain
import Foundation

/// A projection of an operator's own, written to a folder as he would: sums what a shop sold.
enum ShopProjection {
  static let manifest = """
    {
      "name": "shop",
      "version": VERSION,
      "title": "Shop",
      "description": "What the shop sold.",
      "events": ["x.shop.*"],
      "tables": [{"name": "shop", "description": "One article.", "key": ["article"]}],
      "queries": [
        {
          "name": "by_article",
          "title": "Sales by article",
          "file": "queries/by_article.sql",
          "parameters": [
            {"name": "article", "type": "texts", "description": "Only these."},
            {"name": "at_least", "type": "integer", "minimum": 0, "maximum": 100, "default": "0", "description": "Sold."},
            {"name": "since", "type": "date", "description": "Ignored."}
          ],
          "columns": [
            {"name": "article", "type": "text", "description": "Article."},
            {"name": "sold", "type": "integer", "description": "Pieces."},
            {"name": "income", "type": "amount", "description": "Income."}
          ]
        }
      ]
    }
    """
  static let tables = """
    CREATE TABLE shop (
      ledger_id text COLLATE "C" NOT NULL,
      article text COLLATE "C" NOT NULL,
      sold bigint NOT NULL,
      income numeric NOT NULL,
      PRIMARY KEY (ledger_id, article)
    );
    """
  static let fold = """
    INSERT INTO shop AS old (ledger_id, article, sold, income)
    SELECT :ledger, data ->> 'article', count(*) * FACTOR, sum((data ->> 'price')::numeric)
    FROM daybook.events
    WHERE ledger_id = :ledger AND position > :floor AND position <= :ceiling AND type = 'x.shop.sold'
      AND data ? 'article'
    GROUP BY 2
    ON CONFLICT (ledger_id, article) DO UPDATE SET
      sold = old.sold + excluded.sold,
      income = old.income + excluded.income;
    """
  static let query = """
    SELECT article, sold, income
    FROM shop
    WHERE ledger_id = :ledger AND (:article IS NULL OR article = ANY (:article)) AND sold >= :at_least
      AND (:since IS NULL OR :since <= DATE '9999-12-31')
    ORDER BY article;
    """

  /// Writes the folder and gives its parent to `body`; another `factor` is another fold.
  static func withFolder<Value>(
    version: Int = 1, factor: Int = 1, isolation: isolated (any Actor)? = #isolation,
    _ body: (String) async throws -> Value
  ) async throws -> Value {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("shop-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    let queries = root.appendingPathComponent("shop/queries")
    try FileManager.default.createDirectory(at: queries, withIntermediateDirectories: true)
    for (path, text) in [
      ("projection.json", manifest.replacingOccurrences(of: "VERSION", with: "\(version)")), ("tables.sql", tables),
      ("fold.sql", fold.replacingOccurrences(of: "FACTOR", with: "\(factor)")), ("queries/by_article.sql", query),
    ] {
      try Data(text.utf8).write(to: root.appendingPathComponent("shop/\(path)"))
    }
    return try await body(root.path)
  }

  /// One sale; a price that is no number cannot be posted.
  static func sale(_ article: String, _ price: String, _ number: Int) -> LoggedEvent {
    LoggedEvent(
      type: "x.shop.sold", subject: "sale/\(number)",
      data: members(["article": .text(article), "price": .text(price)]))
  }
}
