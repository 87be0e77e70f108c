/// An RFC 6962 tree of one size whose hashes are read from tiles: roots and proofs in O(log n) hashes and a handful of tiles.
///
/// What comes out is as good as the tiles are: hold it against a root that is trusted (``ProofVerifier``).
public struct TiledTree<Source: TileSource> {
  /// Number of leaves.
  public let size: Int64
  private let source: Source

  /// A tree of the first `size` leaves, of which the source has all tiles.
  public init(size: Int64, source: Source) {
    precondition(size >= 0, "a number of leaves")
    self.size = size
    self.source = source
  }

  /// The root; SHA-256 of nothing for the empty tree.
  public func root() throws -> [UInt8] {
    if size == 0 { return TreeHash.emptyRoot }
    return try hashes(of: [0..<size])[0]
  }

  /// The hash of a leaf and its inclusion path, from the leaf's sibling upwards (RFC 6962, section 2.1.1).
  ///
  /// - Precondition: `0 <= index < size`.
  public func inclusion(of index: Int64) throws -> (leafHash: [UInt8], path: [[UInt8]]) {
    precondition(index >= 0 && index < size, "a leaf of the tree")
    let all = try hashes(of: [index..<index + 1] + TreeRanges.inclusion(index, 0..<size))
    return (all[0], Array(all.dropFirst()))
  }

  /// The roots of the trees of `oldSize` and of all leaves, and the consistency path between them (RFC 6962, section
  /// 2.1.2), which is empty where the old tree is.
  ///
  /// - Precondition: `0 <= oldSize <= size`.
  public func consistency(from oldSize: Int64) throws -> (oldRoot: [UInt8], root: [UInt8], path: [[UInt8]]) {
    precondition(oldSize >= 0 && oldSize <= size, "two sizes of the tree")
    if size == 0 { return (TreeHash.emptyRoot, TreeHash.emptyRoot, []) }
    if oldSize == 0 { return (TreeHash.emptyRoot, try root(), []) }
    let ranges = oldSize == size ? [] : TreeRanges.consistency(oldSize, 0..<size, isWholeOld: true)
    let all = try hashes(of: [0..<oldSize, 0..<size] + ranges)
    return (all[0], all[1], Array(all.dropFirst(2)))
  }

  /// The roots of subtrees, all tiles read at once.
  private func hashes(of ranges: [Range<Int64>]) throws -> [[UInt8]] {
    let nodes = ranges.map(TreeRanges.perfectNodes)
    var order: [Tile] = []
    var places: [Tile: Int] = [:]
    for node in nodes.joined() {
      let tile = try self.tile(of: node)
      if places[tile] == nil {
        places[tile] = order.count
        order.append(tile)
      }
    }
    let contents = try source.hashes(of: order)
    guard contents.count == order.count, zip(contents, order).allSatisfy({ $0.count == $1.width * TreeHash.length })
    else { throw IntegrityError(.missing, "a tile is not of its length") }
    return try nodes.map { nodes in
      var hashes: [[UInt8]] = []
      for node in nodes { hashes.append(hash(of: node, in: contents[places[try tile(of: node)]!])) }
      var root = hashes.removeLast()
      while let left = hashes.popLast() { root = TreeHash.node(left, root) }
      return root
    }
  }

  private func tile(of node: TreeRanges.Node) throws(IntegrityError) -> Tile {
    let (level, index, _) = node.place
    guard let tile = Tile(level: level, index: index, treeSize: size) else {
      throw IntegrityError(.missing, "the tree has no tile \(level)/\(TilePath.text(index: index))")
    }
    return tile
  }

  private func hash(of node: TreeRanges.Node, in tile: [UInt8]) -> [UInt8] {
    let (_, _, hashes) = node.place
    return TreeHash.root(ofPerfect: tile[hashes.lowerBound * TreeHash.length..<hashes.upperBound * TreeHash.length])
  }
}
