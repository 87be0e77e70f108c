/// Which subtrees a proof is made of: ranges of leaves, as RFC 6962 splits them.
enum TreeRanges {
  /// The siblings on the way from a leaf to the root of the range, from the leaf upwards.
  static func inclusion(_ index: Int64, _ leaves: Range<Int64>) -> [Range<Int64>] {
    var siblings: [Range<Int64>] = []
    var rest = leaves
    while rest.count > 1 {
      let (left, right) = halves(rest)
      (rest, siblings) = left.contains(index) ? (left, siblings + [right]) : (right, siblings + [left])
    }
    return siblings.reversed()
  }

  /// SUBPROOF(m, D[n], b) of RFC 6962, section 2.1.2, for an old tree that ends at `oldEnd`.
  static func consistency(_ oldEnd: Int64, _ leaves: Range<Int64>, isWholeOld: Bool) -> [Range<Int64>] {
    var siblings: [Range<Int64>] = []
    var rest = leaves
    var isWholeOld = isWholeOld
    while oldEnd != rest.upperBound {
      let (left, right) = halves(rest)
      if oldEnd <= left.upperBound {
        (rest, siblings) = (left, siblings + [right])
      } else {
        (rest, siblings, isWholeOld) = (right, siblings + [left], false)
      }
    }
    return (isWholeOld ? [] : [rest]) + siblings.reversed()
  }

  private static func halves(_ leaves: Range<Int64>) -> (left: Range<Int64>, right: Range<Int64>) {
    let middle = leaves.lowerBound + TreeHash.split(leaves.upperBound - leaves.lowerBound)
    return (leaves.lowerBound..<middle, middle..<leaves.upperBound)
  }

  /// A perfect subtree: the leaves `index × 2^level` up to `(index + 1) × 2^level`.
  struct Node {
    var level: Int
    var index: Int64

    /// The tile that has it, and the hashes of the tile that lie under it.
    var place: (level: Int, index: Int64, hashes: Range<Int>) {
      let (tileLevel, rest) = level.quotientAndRemainder(dividingBy: Tile.height)
      let first = index << Int64(rest)
      let offset = Int(first & Int64(Tile.fullWidth - 1))
      return (tileLevel, first >> Int64(Tile.height), offset..<offset + 1 << rest)
    }
  }

  /// The perfect subtrees of a range that is a subtree itself, from the left; its root folds them from the right.
  static func perfectNodes(_ leaves: Range<Int64>) -> [Node] {
    var nodes: [Node] = []
    var first = leaves.lowerBound
    while first < leaves.upperBound {
      let level = Int64.bitWidth - 1 - (leaves.upperBound - first).leadingZeroBitCount
      nodes.append(Node(level: level, index: first >> Int64(level)))
      first += 1 << Int64(level)
    }
    return nodes
  }
}

extension TreeHash {
  /// The root over hashes whose number is a power of two.
  static func root(ofPerfect hashes: ArraySlice<UInt8>) -> [UInt8] {
    var row = Array(hashes)
    precondition((row.count / length).nonzeroBitCount == 1 && row.count.isMultiple(of: length), "a power of two")
    while row.count > length {
      for pair in stride(from: 0, to: row.count, by: 2 * length) {
        row.withUnsafeMutableBytes { bytes in
          hashNode(UnsafeRawBufferPointer(rebasing: bytes[pair..<pair + 2 * length]), bytes.baseAddress! + pair / 2)
        }
      }
      row.removeLast(row.count / 2)
    }
    return row
  }
}
