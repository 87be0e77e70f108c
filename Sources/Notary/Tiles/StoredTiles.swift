public import Integrity
public import Postgres

/// The tiles of a ledger's tree in its database: full ones as they are kept, partial ones from the edge. No scan of the log.
public struct StoredTiles: TileSource {
  private let connection: Connection
  private let ledger: String
  private let signedSize: Int64

  /// - Parameter signedSize: The size that was signed last: up to there all full tiles are kept.
  public init(_ connection: Connection, ledger: String, signedSize: Int64) {
    self.connection = connection
    self.ledger = ledger
    self.signedSize = signedSize
  }

  /// The hashes of tiles, in one round trip.
  ///
  /// - Throws: `PostgresError`; `IntegrityError` `missing`.
  public func hashes(of tiles: [Tile]) throws -> [[UInt8]] {
    let answers = try connection.pipeline(tiles.map(statement))
    return try zip(tiles, answers).map { tile, rows in
      let hashes: [UInt8]
      if isKept(tile) {
        hashes = rows.count == 1 ? rows.bytes(0, 0) : []
      } else if tile.level == 0 {
        var leaves: [UInt8] = []
        leaves.reserveCapacity(tile.width * TreeHash.length)
        EntryReader.read(rows, ledger, after: first(tile)) { leaves += EventHash.leaf(entry: $1) }
        hashes = leaves
      } else {
        hashes = TileRows.joined(rows)
      }
      guard hashes.count == tile.width * TreeHash.length else {
        throw IntegrityError(
          .missing, "tile \(tile.level)/\(TilePath.text(index: tile.index, width: tile.width)) is not all there")
      }
      return hashes
    }
  }

  /// True where the tile is full in the tree that was signed last.
  private func isKept(_ tile: Tile) -> Bool {
    signedSize / Tile.leaves(perHashAt: tile.level) / Int64(Tile.fullWidth) > tile.index
  }

  private func first(_ tile: Tile) -> Int64 { tile.index * Int64(Tile.fullWidth) }

  private func statement(_ tile: Tile) -> Statement {
    if isKept(tile) {
      return Statement(TileRows.full, TileRows.parameters(ledger, tile.level, tile.index, tile.width))
    }
    let first = first(tile)
    if tile.level == 0 { return EntryReader.statement(ledger, after: first, upTo: first + Int64(tile.width)) }
    return TileRows.roots(ledger, level: tile.level - 1, first..<first + Int64(tile.width))
  }
}
