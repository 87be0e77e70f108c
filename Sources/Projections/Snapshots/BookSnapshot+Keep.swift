import Compression
import Crypto
import Domain
import Postgres

extension BookSnapshot {
  /// Copies a build's rows inside the transaction that moved its cursor to `position`.
  ///
  /// Constant memory but for the compressed content.
  static func keep(_ build: ProjectionBuild, ledger: String, at position: Int64, on connection: Connection) throws {
    try connection.script("SET LOCAL DateStyle = 'ISO'; SET LOCAL timezone = 'UTC'")
    let compressor = try ZstandardCompressor(level: 3)
    var hasher = SHA256Hasher()
    var frame: [UInt8] = []
    var total: Int64 = 0
    var tables: [Table] = []
    for table in build.definition.tables {
      let columns = try columns(build.schema, table.name, on: connection)
      let before = total
      let rows = try connection.copyOut(
        """
        COPY (
          SELECT \(columns.map(Connection.quoted).joined(separator: ", "))
          FROM \(build.schema).\(table.name)
          WHERE ledger_id = '\(BookSchema.literal(ledger))'
        ) TO STDOUT
        """
      ) { piece in
        total += Int64(piece.count)
        guard total <= sizeLimit else { throw SnapshotFault("the book is larger than \(sizeLimit >> 20) MiB") }
        hasher.update(piece)
        try compressor.compress(piece, into: &frame)
      }
      tables.append(Table(name: table.name, columns: columns, rows: rows, bytes: total - before))
    }
    try compressor.finish(into: &frame)
    let snapshot = BookSnapshot(
      ledger: ledger, projection: build.projection, checksum: build.definition.checksum, position: position,
      tables: tables)
    try connection.execute(
      """
      INSERT INTO daybook.book_snapshots
        (ledger_id, projection, build, position, definition_checksum, tables, content, digest)
      VALUES ($1, $2, $3::bigint, $4, $5, $6, $7, $8)
      """,
      [
        .text(ledger), .text(build.projection), .int64(Int64(build.build)), .int64(position),
        .text(build.definition.checksum), .json(snapshot.tablesJSON.canonical), .bytes(frame),
        .bytes(snapshot.digest(of: hasher.finalize())),
      ])
  }

  /// Bytes of the newest snapshot of a build before compression; 0 where there is none.
  static func newestBytes(_ build: ProjectionBuild, ledger: String, on connection: Connection) throws -> Int64 {
    let rows = try connection.execute(
      """
      SELECT tables FROM daybook.book_snapshots
      WHERE ledger_id = $1 AND projection = $2 AND build = $3::bigint
      ORDER BY position DESC
      LIMIT 1
      """, [.text(ledger), .text(build.projection), .int64(Int64(build.build))])
    guard rows.count == 1, let tables = tables(rows.json(0, 0)) else { return 0 }
    return tables.reduce(0) { $0 + $1.bytes }
  }

  /// Removes every second snapshot of a build, and again, while there are more than so many: the spacing doubles, so that
  /// what a replay has to fold stays in proportion to the log.
  static func thin(
    _ build: ProjectionBuild, ledger: String, interval: Int64, most: Int = mostKept, on connection: Connection
  ) throws {
    let key: [Parameter] = [.text(ledger), .text(build.projection), .int64(Int64(build.build))]
    let rows = try connection.execute(
      """
      SELECT position FROM daybook.book_snapshots
      WHERE ledger_id = $1 AND projection = $2 AND build = $3::bigint
      ORDER BY position
      """, key)
    let positions = (0..<rows.count).map { rows.int64($0, 0) }
    let dropped = surplus(positions, interval: interval, most: most)
    guard !dropped.isEmpty else { return }
    try connection.execute(
      """
      DELETE FROM daybook.book_snapshots
      WHERE ledger_id = $1 AND projection = $2 AND build = $3::bigint AND position = ANY ($4)
      """, key + [.int64s(dropped)])
  }

  /// The positions to let go, of positions in order; the newest stays.
  static func surplus(_ positions: [Int64], interval: Int64, most: Int) -> [Int64] {
    var kept = positions
    var spacing = max(1, interval)
    while kept.count > most {
      let (doubled, isTooLarge) = spacing.multipliedReportingOverflow(by: 2)
      guard !isTooLarge else { break }
      spacing = doubled
      kept = kept.filter { $0 % spacing == 0 || $0 == positions.last }
    }
    let standing = Set(kept)
    return positions.filter { !standing.contains($0) }
  }

  /// Removes the snapshots of a build that was retired, inside the caller's transaction.
  static func remove(_ build: ProjectionBuild, on connection: Connection) throws {
    try connection.execute(
      "DELETE FROM daybook.book_snapshots WHERE projection = $1 AND build = $2::bigint",
      [.text(build.projection), .int64(Int64(build.build))])
  }
}
