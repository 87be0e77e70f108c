internal import Crypto

/// The right edge of an RFC 6962 tree: all that is needed to append and to know the root.
public struct TreeEdge: Sendable, Equatable {
  /// Number of leaves.
  public private(set) var size: Int64 = 0

  /// The perfect subtrees' roots, largest first, 32 bytes each: one for each bit set in `size`.
  public private(set) var encoded: [UInt8] = []

  /// The empty tree.
  public init() {}

  /// Reads `encoded` (the perfect subtrees' roots, largest first, 32 bytes each); nil where length and size disagree.
  public init?(size: Int64, encoded: [UInt8]) {
    guard size >= 0, encoded.count == size.nonzeroBitCount * TreeHash.length else { return nil }
    self.size = size
    self.encoded = encoded
  }

  /// Appends a leaf by its hash, which must have 32 bytes; on average one node is hashed.
  public mutating func append(leafHash: [UInt8]) {
    precondition(leafHash.count == TreeHash.length, "a leaf hash has 32 bytes")
    leafHash.withUnsafeBytes { append(leafHashes: $0) }
  }

  /// Appends leaves by their hashes, 32 bytes each.
  public mutating func append(leafHashes: UnsafeRawBufferPointer) {
    precondition(leafHashes.count.isMultiple(of: TreeHash.length), "a leaf hash has 32 bytes")
    // As much as any edge on the way needs, and a leaf: nothing grows or shrinks meanwhile.
    let last = size + Int64(leafHashes.count / TreeHash.length)
    let room = (Int64.bitWidth - last.leadingZeroBitCount + 1) * TreeHash.length
    encoded.append(contentsOf: repeatElement(0, count: room - encoded.count))
    var end = size.nonzeroBitCount * TreeHash.length
    encoded.withUnsafeMutableBytes { bytes in
      for start in stride(from: 0, to: leafHashes.count, by: TreeHash.length) {
        (bytes.baseAddress! + end).copyMemory(from: leafHashes.baseAddress! + start, byteCount: TreeHash.length)
        // Each bit that carries joins the two subtrees of one size at the end into one of twice the size, in place.
        var carry = size
        while carry & 1 == 1 {
          end -= TreeHash.length
          let pair = UnsafeRawBufferPointer(rebasing: bytes[end..<end + 2 * TreeHash.length])
          TreeHash.hashNode(pair, bytes.baseAddress! + end)
          carry >>= 1
        }
        end += TreeHash.length
        size += 1
      }
    }
    encoded.removeLast(room - end)
  }

  /// The root of all leaves so far; SHA-256 of nothing for the empty tree.
  public var root: [UInt8] {
    guard size > 0 else { return TreeHash.emptyRoot }
    // Smallest subtree first: each larger one is the left child. The pair lies in one buffer so that it hashes in place.
    var start = encoded.count - TreeHash.length
    if start == 0 { return encoded }
    return withUnsafeTemporaryAllocation(byteCount: 2 * TreeHash.length, alignment: 16) { pair in
      encoded.withUnsafeBytes { bytes in
        let right = UnsafeMutableRawBufferPointer(rebasing: pair[TreeHash.length...])
        right.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start...]))
        while start > 0 {
          start -= TreeHash.length
          pair.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<start + TreeHash.length]))
          SHA256Digest.hash(prefix: TreeHash.nodePrefix, UnsafeRawBufferPointer(pair), into: right.baseAddress!)
        }
        return Array(right)
      }
    }
  }
}
