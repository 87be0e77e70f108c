import Integrity
import Postgres

/// The SQL of `daybook.tiles`.
struct TileRows {
  let connection: Connection
  let ledger: String

  init(_ connection: Connection, _ ledger: String) {
    self.connection = connection
    self.ledger = ledger
  }

  /// Keeps full tiles, where there are none.
  func insert(_ tiles: [GrowingTiles.Full], revision: Int = 1) throws(PostgresError) {
    guard !tiles.isEmpty else { return }
    try connection.execute(
      """
      INSERT INTO daybook.tiles (ledger_id, level, tile, revision, root, hashes)
      SELECT $1, t.level, t.tile, $2, t.root, t.hashes
      FROM unnest($3::int[], $4::bigint[], $5::bytea[], $6::bytea[]) t(level, tile, root, hashes)
      ON CONFLICT DO NOTHING
      """,
      [
        .text(ledger), .int32(Int32(revision)), .int32s(tiles.map { Int32($0.level) }), .int64s(tiles.map(\.index)),
        .bytesArray(tiles.map(\.root)), .bytesArray(tiles.map(\.hashes)),
      ])
  }

  /// Keeps tiles as the newest revision where the kept ones differ or are missing; answers how many that were.
  func mend(_ tiles: [GrowingTiles.Full]) throws(PostgresError) -> Int {
    var mended = 0
    for tile in tiles {
      let rows = try connection.execute(
        """
        SELECT revision, root, hashes FROM daybook.tiles
        WHERE ledger_id = $1 AND level = $2 AND tile = $3 ORDER BY revision DESC LIMIT 1
        """, [.text(ledger), .int32(Int32(tile.level)), .int64(tile.index)])
      if rows.count == 0 {
        try insert([tile])
      } else if rows.bytes(0, 1) != tile.root || rows.bytes(0, 2) != tile.hashes {
        try insert([tile], revision: Int(rows.int64(0, 0)) + 1)
        mended += 1
      }
    }
    return mended
  }

  /// The hashes of a full tile; nil where it is not kept.
  func hashes(level: Int, index: Int64) throws(PostgresError) -> [UInt8]? {
    let statement = Self.full(ledger, Tile(level: level, index: index))
    let rows = try connection.execute(statement.sql, statement.parameters)
    return rows.count == 1 ? rows.bytes(0, 0) : nil
  }

  /// The first hashes of a tile that is kept.
  static func full(_ ledger: String, _ tile: Tile) -> Statement {
    Statement(
      """
      SELECT substring(hashes FROM 1 FOR $4) FROM daybook.tiles
      WHERE ledger_id = $1 AND level = $2 AND tile = $3 ORDER BY revision DESC LIMIT 1
      """,
      [.text(ledger), .int32(Int32(tile.level)), .int64(tile.index), .int32(Int32(tile.width * TreeHash.length))])
  }

  /// The roots of consecutive tiles of a level, in order.
  static func roots(_ ledger: String, level: Int, _ tiles: Range<Int64>) -> Statement {
    Statement(
      """
      SELECT DISTINCT ON (tile) root FROM daybook.tiles
      WHERE ledger_id = $1 AND level = $2 AND tile >= $3 AND tile < $4
      ORDER BY tile, revision DESC
      """, [.text(ledger), .int32(Int32(level)), .int64(tiles.lowerBound), .int64(tiles.upperBound)])
  }

  static func joined(_ rows: Rows) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(rows.count * 32)
    for row in 0..<rows.count { rows.withField(row, 0) { bytes.append(contentsOf: $0) } }
    return bytes
  }

  /// The right edge of the tree at a size, from the tiles kept and the entries behind the last full one; nil where some
  /// of them are missing.
  func edge(size: Int64) throws -> GrowingTiles? {
    let source = StoredTiles(connection, ledger: ledger, signedSize: size)
    var partials: [[UInt8]] = []
    for (level, width) in GrowingTiles.widths(size).enumerated() {
      guard width > 0 else {
        partials.append([])
        continue
      }
      let index = size / Tile.leaves(perHashAt: level) / Int64(Tile.fullWidth)
      do {
        partials += try source.hashes(of: [Tile(level: level, index: index, width: width)])
      } catch is IntegrityError { return nil }
    }
    return GrowingTiles(size: size, partials: partials)
  }
}
