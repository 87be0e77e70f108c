import Crypto
import Domain
import Postgres

/// A fingerprint of a book's rows: equal rows give equal digests, whatever was computed where.
public struct BookDigest: Sendable, Equatable {
  /// The book.
  public var projection: String
  /// Its version.
  public var version: Int
  /// Whose book.
  public var ledger: String
  /// The last event that the rows reflect.
  public var position: Int64
  /// Lower-case hex SHA-256 over the RFC 8785 form of every row in key order, table by table.
  public var sha256: String
  /// Rows counted.
  public var rows: Int64
}

extension BookDigest {
  /// Reads the tables of a schema inside the caller's transaction, in constant memory.
  ///
  /// Hashed is, for each table in the order of `projection.json`, its name and a line feed, then for each row in key
  /// order (texts by their bytes) the canonical object of its columns without `ledger_id`, and a line feed. Amounts are
  /// decimal strings without trailing zeros, days and timestamps strings, integers beyond 2^53-1 strings, NULL `null`.
  static func read(
    _ definition: ProjectionDefinition, schema: String, ledger: String, position: Int64, on connection: Connection
  ) throws -> BookDigest {
    var hasher = SHA256Hasher()
    var count: Int64 = 0
    for table in definition.tables {
      hasher.update(Array("\(table.name)\n".utf8))
      let columns = try DigestColumn.read(schema, table.name, on: connection)
      let order = table.key.map { key in
        columns.first { $0.name == key }?.isText == true
          ? "\(Connection.quoted(key)) COLLATE \"C\"" : Connection.quoted(key)
      }
      try connection.stream(
        """
        SELECT \(columns.map(\.expression).joined(separator: ", "))
        FROM \(schema).\(table.name)
        WHERE ledger_id = $1
        ORDER BY \(order.joined(separator: ", "))
        """, [.text(ledger)]
      ) { rows in
        for row in 0..<rows.count { hasher.update(DigestColumn.line(columns, rows, row)) }
        count += Int64(rows.count)
        return true
      }
    }
    return BookDigest(
      projection: definition.name, version: definition.version, ledger: ledger, position: position,
      sha256: Hex.string(hasher.finalize()), rows: count)
  }
}
