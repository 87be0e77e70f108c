import Compression
import Crypto
import Postgres

extension BookSnapshot {
  /// Fills empty tables from the newest usable snapshot of the build at or before `position`; answers its position, 0
  /// where there is none.
  ///
  /// - Parameters:
  ///   - above: Only snapshots beyond this position.
  ///   - tell: Told of each snapshot that is not what it says, which is passed over.
  static func restore(
    _ build: ProjectionBuild, ledger: String, into schema: String, above: Int64 = 0, upTo position: Int64,
    on connection: Connection, tell: (String) -> Void
  ) throws -> Int64 {
    let kept = try connection.execute(
      """
      SELECT position FROM daybook.book_snapshots
      WHERE ledger_id = $1 AND projection = $2 AND build = $3::bigint AND definition_checksum = $4 AND position > $5
        AND position <= $6
      ORDER BY position DESC
      """,
      [
        .text(ledger), .text(build.projection), .int64(Int64(build.build)), .text(build.definition.checksum),
        .int64(above), .int64(position),
      ])
    for row in 0..<kept.count {
      let found = kept.int64(row, 0)
      try connection.script("SAVEPOINT restoring")
      do {
        try load(build, ledger: ledger, at: found, into: schema, on: connection)
        try connection.script("RELEASE SAVEPOINT restoring")
        return found
      } catch {
        if let error = error as? PostgresError, error.isTransient { throw error }
        try connection.script("ROLLBACK TO SAVEPOINT restoring; RELEASE SAVEPOINT restoring")
        tell(
          "the snapshot of \(build.projection) of \(ledger) at position \(found) is damaged and was ignored: \(error)"
        )
      }
    }
    return 0
  }

  /// Reads, checks and copies one snapshot.
  private static func load(
    _ build: ProjectionBuild, ledger: String, at position: Int64, into schema: String, on connection: Connection
  ) throws {
    let rows = try connection.execute(
      """
      SELECT tables, content, digest FROM daybook.book_snapshots
      WHERE ledger_id = $1 AND projection = $2 AND build = $3::bigint AND position = $4
      """, [.text(ledger), .text(build.projection), .int64(Int64(build.build)), .int64(position)])
    // Thinned out a moment ago.
    guard rows.count == 1 else { throw SnapshotFault("it is gone") }
    guard let tables = tables(rows.json(0, 0)), tables.map(\.name) == build.definition.tables.map(\.name) else {
      throw SnapshotFault("it has other tables than the book")
    }
    let frame = rows.bytes(0, 1)
    let snapshot = BookSnapshot(
      ledger: ledger, projection: build.projection, checksum: build.definition.checksum, position: position,
      tables: tables)
    guard try snapshot.digest(of: hash(frame)) == rows.bytes(0, 2) else {
      throw SnapshotFault("its content does not give its digest")
    }
    var content = try SnapshotContent(frame)
    for table in tables {
      var left = table.bytes
      let copied = try connection.copyIn(
        "COPY \(schema).\(table.name) (\(table.columns.map(Connection.quoted).joined(separator: ", "))) FROM STDIN"
      ) {
        guard left > 0, let piece = try content.next(left) else { return nil }
        left -= Int64(piece.count)
        return piece
      }
      guard copied == table.rows, left == 0 else { throw SnapshotFault("\(table.name) has other rows than it says") }
    }
  }

  /// SHA-256 of the content before compression.
  private static func hash(_ frame: [UInt8]) throws -> [UInt8] {
    var content = try SnapshotContent(frame)
    var hasher = SHA256Hasher()
    while let piece = try content.next() { hasher.update(piece) }
    return hasher.finalize()
  }
}
