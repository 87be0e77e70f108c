/// The right edge of a tiled tree: leaves go in, full tiles come out.
///
/// In memory are the partial tiles of all levels, at most 8 KiB each.
public struct GrowingTiles: Sendable, Equatable {
  /// A tile that will never change.
  public struct Full: Sendable, Equatable {
    /// Its level.
    public var level: Int
    /// Its place in the level.
    public var index: Int64
    /// Its 256 hashes.
    public var hashes: [UInt8]
    /// The root over them: one hash of the level above.
    public var root: [UInt8]
  }

  /// Number of leaves.
  public private(set) var size: Int64 = 0
  /// The hashes of the partial tile of each level, from level 0; empty where a level has none.
  public private(set) var partials: [[UInt8]] = []
  /// The perfect subtrees of each of them.
  private var edges: [TreeEdge] = []

  /// The empty tree.
  public init() {}

  /// Goes on from a tree of this size; nil where the partial tiles are not of its widths.
  public init?(size: Int64, partials: [[UInt8]]) {
    let widths = Self.widths(size)
    guard size >= 0, partials.count == widths.count,
      zip(partials, widths).allSatisfy({ $0.count == $1 * TreeHash.length })
    else { return nil }
    self.size = size
    self.partials = partials
    edges = partials.map { partial in
      var edge = TreeEdge()
      partial.withUnsafeBytes { edge.append(leafHashes: $0) }
      return edge
    }
  }

  /// The widths of the partial tiles of a tree, by level, up to the last that is not empty.
  public static func widths(_ size: Int64) -> [Int] {
    var widths: [Int] = []
    var rest = size
    while rest > 0 {
      widths.append(Int(rest % Int64(Tile.fullWidth)))
      rest /= Int64(Tile.fullWidth)
    }
    return widths
  }

  /// Appends a leaf by its hash, which may lie among others; tiles that became full are added to `full`, lower levels first.
  public mutating func append(leafHash: ArraySlice<UInt8>, full: inout [Full]) {
    precondition(leafHash.count == TreeHash.length, "a leaf hash has 32 bytes")
    size += 1
    var hash = leafHash
    var level = 0
    while true {
      if level == partials.count {
        partials.append([])
        edges.append(TreeEdge())
      }
      partials[level] += hash
      hash.withUnsafeBytes { edges[level].append(leafHashes: $0) }
      guard partials[level].count == Tile.fullWidth * TreeHash.length else { return }
      let index = size / Tile.leaves(perHashAt: level + 1) - 1
      full.append(Full(level: level, index: index, hashes: partials[level], root: edges[level].root))
      hash = edges[level].encoded[...]
      partials[level].removeAll(keepingCapacity: true)
      edges[level] = TreeEdge()
      level += 1
    }
  }

  /// The root of all leaves so far; SHA-256 of nothing for the empty tree.
  public var root: [UInt8] {
    var root: [UInt8]?
    for edge in edges {
      // The perfect subtrees of the partial tile, smallest first, are the left siblings of what is to their right.
      for start in stride(from: edge.encoded.count - TreeHash.length, through: 0, by: -TreeHash.length) {
        let subtree = Array(edge.encoded[start..<start + TreeHash.length])
        root = root.map { TreeHash.node(subtree, $0) } ?? subtree
      }
    }
    return root ?? TreeHash.emptyRoot
  }
}
