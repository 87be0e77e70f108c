public import Integrity
import Log
public import Postgres

/// The tiles of a ledger's tree in its database: full ones as they are kept, partial ones from the edge. No scan of the log.
public struct StoredTiles: TileSource {
  private let connection: Connection
  private let ledger: String
  private let signedSize: Int64
  private let memory: TileMemory?

  /// - Parameters:
  ///   - signedSize: The size that was signed last: up to there all full tiles are kept.
  ///   - memory: Tiles of the same series that were read before; nil where each is to be what is stored now.
  public init(_ connection: Connection, ledger: String, signedSize: Int64, memory: TileMemory? = nil) {
    self.connection = connection
    self.ledger = ledger
    self.signedSize = signedSize
    self.memory = memory
  }

  /// The hashes of tiles, in one round trip, and one more where the leaves at the edge are among them.
  ///
  /// - Throws: `PostgresError`; `IntegrityError` `missing`.
  public func hashes(of tiles: [Tile]) throws -> [[UInt8]] {
    var found = tiles.map { memory?.hashes(of: $0, in: ledger) }
    func take(_ hashes: [UInt8], _ place: Int) throws {
      let tile = tiles[place]
      guard hashes.count == tile.width * TreeHash.length else {
        throw IntegrityError(
          .missing, "tile \(tile.level)/\(TilePath.text(index: tile.index, width: tile.width)) is not all there")
      }
      memory?.keep(hashes, of: tile, in: ledger)
      found[place] = hashes
    }
    let missing = tiles.indices.filter { found[$0] == nil }
    let stored = missing.filter { isKept(tiles[$0]) || tiles[$0].level > 0 }
    if !stored.isEmpty {
      let answers = try connection.pipeline(stored.map { statement(tiles[$0]) })
      for (place, rows) in zip(stored, answers) { try take(TileRows.joined(rows), place) }
    }
    for place in missing where found[place] == nil {
      let first = first(tiles[place])
      try take(
        try EntryRows(connection, ledger: ledger).leaves(after: first, upTo: first + Int64(tiles[place].width)), place
      )
    }
    return found.map { $0! }
  }

  /// True where the tile is full in the tree that was signed last.
  private func isKept(_ tile: Tile) -> Bool {
    signedSize / Tile.leaves(perHashAt: tile.level) / Int64(Tile.fullWidth) > tile.index
  }

  private func first(_ tile: Tile) -> Int64 { tile.index * Int64(Tile.fullWidth) }

  private func statement(_ tile: Tile) -> Statement {
    if isKept(tile) { return TileRows.full(ledger, tile) }
    let first = first(tile)
    return TileRows.roots(ledger, level: tile.level - 1, first..<first + Int64(tile.width))
  }
}
