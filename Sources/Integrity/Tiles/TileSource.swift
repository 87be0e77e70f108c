/// Where the tiles of a tree are read.
public protocol TileSource {
  /// The hashes of each tile, `32 × width` bytes, in the order asked for.
  ///
  /// - Throws: what reading them throws; `IntegrityError` `missing` where there is no such tile.
  func hashes(of tiles: [Tile]) throws -> [[UInt8]]
}
