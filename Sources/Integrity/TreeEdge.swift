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
  public mutating func append(leafHash: [UInt8]) { leafHash.withUnsafeBytes { append(leafHash: $0) } }

  /// Appends a leaf by its hash, which must have 32 bytes and may lie among others.
  public mutating func append(leafHash: UnsafeRawBufferPointer) {
    precondition(leafHash.count == TreeHash.length, "a leaf hash has 32 bytes")
    encoded.append(contentsOf: leafHash)
    // Each bit that carries joins the two subtrees of one size at the end into one of twice the size, in place.
    var carry = size
    while carry & 1 == 1 {
      let pair = encoded.count - 2 * TreeHash.length
      encoded.withUnsafeMutableBytes { bytes in
        SHA256Digest.hash(
          prefix: TreeHash.nodePrefix, UnsafeRawBufferPointer(rebasing: bytes[pair...]),
          into: bytes.baseAddress! + pair)
      }
      encoded.removeLast(TreeHash.length)
      carry >>= 1
    }
    size += 1
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
