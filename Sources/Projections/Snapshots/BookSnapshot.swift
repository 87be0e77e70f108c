import Crypto
import Domain
import Postgres

/// What a kept copy of a book is bound to: whose rows they are, as of where, and how its content is cut into tables.
struct BookSnapshot: Sendable, Equatable {
  /// The rows of one table in the content.
  struct Table: Sendable, Equatable {
    var name: String
    /// In the order of the copy.
    var columns: [String]
    var rows: Int64
    /// Bytes of the content before compression.
    var bytes: Int64
  }

  /// Content beyond this, before compression, is neither kept nor read: it would hold up posting for seconds, and a replay
  /// of so many rows is better spent on folding.
  static let sizeLimit: Int64 = 256 << 20
  /// Snapshots of one build and ledger at most; beyond, every second one goes.
  static let mostKept = 64

  var ledger: String
  var projection: String
  var checksum: String
  var position: Int64
  var tables: [Table]

  /// SHA-256 that binds the content to everything else that is said of it.
  func digest(of content: [UInt8]) -> [UInt8] {
    let said = JSON.object([
      "ledger": .text(ledger), "projection": .text(projection), "definition": .text(checksum),
      "position": .integer(position), "tables": tablesJSON, "content": .text(Hex.string(content)),
    ])
    return SHA256Digest.hash(said.canonical)
  }

  /// The tables as the database keeps them.
  var tablesJSON: JSON {
    .array(
      tables.map { table in
        .object([
          "name": .text(table.name), "columns": .array(table.columns.map { .text($0) }), "rows": .integer(table.rows),
          "bytes": .integer(table.bytes),
        ])
      })
  }

  /// Reads what ``tablesJSON`` wrote; nil for anything else.
  static func tables(_ text: [UInt8]) -> [Table]? {
    guard let elements = (try? JSON(parsing: text))?.elements else { return nil }
    let tables = elements.compactMap { element -> Table? in
      guard let name = element["name"]?.string, let columns = element["columns"]?.elements,
        let rows = element["rows"]?.integer, let bytes = element["bytes"]?.integer, rows >= 0, bytes >= 0
      else { return nil }
      return Table(name: name, columns: columns.compactMap(\.string), rows: rows, bytes: bytes)
    }
    return tables.count == elements.count ? tables : nil
  }

  /// The columns of a table that a copy takes: those that the fold writes, not those that Postgres computes.
  static func columns(_ schema: String, _ table: String, on connection: Connection) throws -> [String] {
    let rows = try connection.execute(
      """
      SELECT a.attname::text
      FROM pg_attribute AS a
      WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
      ORDER BY a.attnum
      """, [.text("\(schema).\(table)")])
    return (0..<rows.count).map { rows.string($0, 0) }
  }
}

/// Why a snapshot cannot be kept, or is not used.
struct SnapshotFault: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}
