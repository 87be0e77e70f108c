/// One tile of a tree (c2sp.org/tlog-tiles): up to 256 consecutive hashes of one of the levels 0, 8, 16, … of the tree.
public struct Tile: Hashable, Sendable {
  /// Levels of the tree that a tile spans.
  public static let height = 8
  /// Hashes of a full tile.
  public static let fullWidth = 256
  /// The highest level: 8 × 7 and 8 more levels hold any number of leaves that fits.
  public static let levelAtMost = 7

  /// 0: leaf hashes; above, each hash is the root of a full tile of the level below.
  public let level: Int
  /// Place among the tiles of the level.
  public let index: Int64
  /// Number of hashes, 1 to 256.
  public let width: Int

  /// Names a tile.
  public init(level: Int, index: Int64, width: Int = fullWidth) {
    precondition((0...Self.levelAtMost).contains(level) && index >= 0 && (1...Self.fullWidth).contains(width))
    self.level = level
    self.index = index
    self.width = width
  }

  /// Leaves under one hash of the level.
  public static func leaves(perHashAt level: Int) -> Int64 { 1 << Int64(height * level) }

  /// The tile with all the hashes that a tree of this size has of it; nil where it has none.
  public init?(level: Int, index: Int64, treeSize: Int64) {
    guard (0...Self.levelAtMost).contains(level), index >= 0 else { return nil }
    let (first, overflows) = index.multipliedReportingOverflow(by: Int64(Self.fullWidth))
    let hashes = treeSize / Self.leaves(perHashAt: level)
    guard !overflows, hashes > first else { return nil }
    self.init(level: level, index: index, width: Int(min(hashes - first, Int64(Self.fullWidth))))
  }

  /// True where all hashes are there.
  public var isFull: Bool { width == Self.fullWidth }
}

/// The paths of tiles and entry bundles: the index in groups of three digits, all but the last behind an `x`, and `.p/WIDTH`
/// for partial ones: `x001/x234/067.p/8`.
public enum TilePath {
  /// Writes the path of an index and a width.
  public static func text(index: Int64, width: Int = Tile.fullWidth) -> String {
    var groups: [String] = []
    var rest = index
    repeat {
      let digits = String(rest % 1000)
      let group = String(repeating: "0", count: 3 - digits.count) + digits
      groups.insert(groups.isEmpty ? group : "x" + group, at: 0)
      rest /= 1000
    } while rest > 0
    let path = groups.joined(separator: "/")
    return width == Tile.fullWidth ? path : "\(path).p/\(width)"
  }

  /// Reads a path; nil for anything that `text` would not have written.
  public static func parse(_ path: String) -> (index: Int64, width: Int)? {
    guard path.utf8.count <= 64 else { return nil }
    var segments = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    var width = Tile.fullWidth
    if segments.count >= 2, segments[segments.count - 2].hasSuffix(".p") {
      guard let number = Int(segments.removeLast()), (1..<Tile.fullWidth).contains(number) else { return nil }
      width = number
      segments[segments.count - 1].removeLast(2)
    }
    var index: Int64 = 0
    for segment in segments {
      guard let number = Int64(segment.hasPrefix("x") ? segment.dropFirst() : segment[...]), number >= 0 else {
        return nil
      }
      let (product, overflows) = index.multipliedReportingOverflow(by: 1000)
      guard !overflows, number < 1000, product <= Int64.max - number else { return nil }
      index = product + number
    }
    return text(index: index, width: width).utf8.elementsEqual(path.utf8) ? (index, width) : nil
  }
}
