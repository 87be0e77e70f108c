import Crypto
import Domain
import Integrity
import Testing

/// Tiles of a tree in memory, made by definition: each hash of a level is the root of the leaves under it.
struct TilesByDefinition: TileSource {
  let tree: ReferenceTree
  private(set) var levels: [[[UInt8]]] = []

  init(_ leafHashes: [[UInt8]]) {
    tree = ReferenceTree(leafHashes: leafHashes)
    var row = leafHashes
    while !row.isEmpty {
      levels.append(row)
      row = stride(from: 0, through: row.count - 256, by: 256).map { first in
        ReferenceTree(leafHashes: Array(row[first..<first + 256])).root()
      }
    }
  }

  func hashes(of tiles: [Tile]) throws -> [[UInt8]] {
    try tiles.map { tile in
      let first = Int(tile.index) * 256
      guard tile.level < levels.count, first + tile.width <= levels[tile.level].count else {
        throw IntegrityError(.missing, "no such tile")
      }
      return Array(levels[tile.level][first..<first + tile.width].joined())
    }
  }
}

@Suite struct TileTests {
  private static func leaves(_ count: Int, seed: UInt64 = 0) -> [[UInt8]] {
    (0..<count).map { SHA256Digest.hash(Array("\(seed) \($0)".utf8)) }
  }

  @Test("the known answers come out of tiles")
  func knownAnswers() throws {
    let answers = try KnownAnswers.load()
    let tiles = TilesByDefinition(answers.hashes)
    for proof in answers.inclusion {
      let made = try TiledTree(size: Int64(proof.size), source: tiles).inclusion(of: Int64(proof.index))
      #expect(made.leafHash == answers.hashes[proof.index])
      #expect(made.path == proof.path.map { Hex.bytes($0)! })
    }
    for proof in answers.consistency {
      let made = try TiledTree(size: Int64(proof.new), source: tiles).consistency(from: Int64(proof.old))
      #expect(made.path == proof.path.map { Hex.bytes($0)! })
      #expect(made.oldRoot == answers.root(proof.old) && made.root == answers.root(proof.new))
    }
    #expect(try TiledTree(size: 0, source: tiles).root() == answers.root(0))
  }

  @Test("proofs of a tree of three levels are those of the definition", arguments: [1, 2, 3] as [UInt64])
  func largeTrees(seed: UInt64) throws {
    var random = SeededNumbers(seed)
    let count = 66_000
    let tiles = TilesByDefinition(Self.leaves(count, seed: seed))
    // Sizes at and around the edges of tiles, and any others.
    var sizes = [1, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, count]
    for _ in 0..<2 { sizes.append(1 + random.below(count)) }
    for size in sizes {
      let tree = TiledTree(size: Int64(size), source: tiles)
      let root = tiles.tree.root(size: size)
      #expect(try tree.root() == root, "size \(size)")
      for index in [0, size - 1, random.below(size)] {
        let made = try tree.inclusion(of: Int64(index))
        #expect(made.leafHash == tiles.tree.leafHashes[index])
        #expect(
          ProofVerifier.isIncluded(
            leafHash: made.leafHash, index: Int64(index), size: Int64(size), path: made.path, root: root))
      }
      for old in [0, 1, size, random.below(size + 1)] {
        let made = try tree.consistency(from: Int64(old))
        #expect(made.oldRoot == tiles.tree.root(size: old))
        #expect(
          ProofVerifier.isConsistent(
            oldSize: Int64(old), oldRoot: made.oldRoot, newSize: Int64(size), newRoot: root, path: made.path),
          "\(old) to \(size)")
      }
    }
    #expect(
      try TiledTree(size: Int64(count), source: tiles).inclusion(of: 40_000).path
        == tiles.tree.inclusionPath(index: 40_000, size: count))
    #expect(
      try TiledTree(size: Int64(count), source: tiles).consistency(from: 40_000).path
        == tiles.tree.consistencyPath(oldSize: 40_000, newSize: count))
  }

  @Test("a growing tree gives out every full tile once, and has its root at every size")
  func growing() throws {
    let leaves = Self.leaves(1_000)
    let tiles = TilesByDefinition(leaves)
    var growing = GrowingTiles()
    var edge = TreeEdge()
    var full: [GrowingTiles.Full] = []
    #expect(growing.root == edge.root)
    for leaf in leaves {
      growing.append(leafHash: leaf[...], full: &full)
      edge.append(leafHash: leaf)
      #expect(growing.root == edge.root, "size \(growing.size)")
    }
    #expect(full.map { "\($0.level)/\($0.index)" } == ["0/0", "0/1", "0/2"])
    for tile in full {
      #expect(try tiles.hashes(of: [Tile(level: tile.level, index: tile.index)]) == [tile.hashes])
      #expect(tile.root == tiles.levels[1][Int(tile.index)])
    }
    #expect(growing.partials.map(\.count) == [232 * 32, 3 * 32])
    #expect(GrowingTiles.widths(1_000) == [232, 3])
    #expect(GrowingTiles(size: 1_000, partials: growing.partials) == growing)
    #expect(GrowingTiles(size: 1_001, partials: growing.partials) == nil)
    #expect(GrowingTiles.widths(70_000) == [112, 17, 1])
    #expect(GrowingTiles.widths(256) == [0, 1])
  }

  @Test("a level is passed on when its tile is full")
  func secondLevel() {
    var growing = GrowingTiles()
    var full: [GrowingTiles.Full] = []
    let leaf = SHA256Digest.hash([7])
    for _ in 0..<65_536 { growing.append(leafHash: leaf[...], full: &full) }
    #expect(full.count == 257)
    #expect(full.last?.level == 1 && full.last?.index == 0)
    #expect(growing.partials.map(\.count) == [0, 0, 32])
    #expect(growing.root == full.last?.root)
  }

  @Test(
    "paths are those of tlog-tiles",
    arguments: [
      (0, 256, "000"), (1, 1, "001.p/1"), (999, 255, "999.p/255"), (1_000, 256, "x001/000"),
      (1_234_067, 256, "x001/x234/067"), (1_234_067, 8, "x001/x234/067.p/8"),
      (123_456_789_012, 256, "x123/x456/x789/012"),
    ] as [(Int64, Int, String)])
  func paths(index: Int64, width: Int, text: String) throws {
    #expect(TilePath.text(index: index, width: width) == text)
    let read = try #require(TilePath.parse(text))
    #expect(read.index == index && read.width == width)
  }

  @Test(
    "other paths are refused",
    arguments: [
      "", "1", "0000", "x000/001", "001/002", "x001", "x001/x002", "001.p", "001.p/0", "001.p/256", "001.p/01", "-01",
      "+01", "x-01/001", "001.p/1/2", "/001", "001/", "x001//002", "001.p/1.p/1",
      "x999/x999/x999/x999/x999/x999/999", "001 ", "٠٠١",
    ])
  func otherPaths(text: String) { #expect(TilePath.parse(text) == nil, "\(text)") }

  @Test("tiles are as wide as the tree has hashes")
  func widths() {
    #expect(Tile(level: 0, index: 273, treeSize: 70_000)?.width == 112)
    #expect(Tile(level: 1, index: 0, treeSize: 70_000)?.width == 256)
    #expect(Tile(level: 1, index: 1, treeSize: 70_000)?.width == 17)
    #expect(Tile(level: 2, index: 0, treeSize: 70_000)?.width == 1)
    #expect(Tile(level: 3, index: 0, treeSize: 70_000) == nil)
    #expect(Tile(level: 0, index: 274, treeSize: 70_000) == nil)
    #expect(Tile(level: 8, index: 0, treeSize: 70_000) == nil)
    #expect(Tile(level: 0, index: Int64.max, treeSize: 70_000) == nil)
  }

  @Test("entry bundles are parted where they were joined")
  func bundles() throws {
    let entries = [[], [1], Array(repeating: 7, count: 65_535), [2, 3]] as [[UInt8]]
    let bytes = EntryBundle.bytes(entries)
    #expect(Array(bytes.prefix(5)) == [0, 0, 0, 1, 1])
    #expect(try EntryBundle.entries(bytes) == entries)
    #expect(throws: IntegrityError.self) { try EntryBundle.entries(Array(bytes.dropLast())) }
    #expect(throws: IntegrityError.self) { try EntryBundle.entries([0]) }
  }
}

/// Numbers from a seed (SplitMix64).
struct SeededNumbers {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
  }
}
