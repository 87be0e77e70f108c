/// Checks RFC 6962 proofs against roots that are already trusted; needs nothing but the proof.
///
/// The algorithms are those of RFC 9162, sections 2.1.3.2 and 2.1.4.2.
public enum ProofVerifier {
  /// True where the path proves that the leaf stands at `index` of the tree of `size` leaves with this root.
  ///
  /// - Parameters:
  ///   - index: position − 1.
  ///   - path: 32 bytes each, from the leaf upwards.
  public static func isIncluded(
    leafHash: [UInt8], index: Int64, size: Int64, path: [[UInt8]], root: [UInt8]
  ) -> Bool {
    guard index >= 0, index < size, areHashes(path), areHashes([leafHash]) else { return false }
    var node = index
    var last = size - 1
    var hash = leafHash
    for sibling in path {
      if last == 0 { return false }
      if node & 1 == 1 || node == last {
        hash = TreeHash.node(sibling, hash)
        while node & 1 == 0, node != 0 {
          node >>= 1
          last >>= 1
        }
      } else {
        hash = TreeHash.node(hash, sibling)
      }
      node >>= 1
      last >>= 1
    }
    return last == 0 && hash == root
  }

  /// True where the path proves that the tree of `oldSize` leaves is the beginning of the tree of `newSize` leaves.
  ///
  /// The empty tree is the beginning of every tree and equal sizes have equal roots: both need an empty path.
  public static func isConsistent(
    oldSize: Int64, oldRoot: [UInt8], newSize: Int64, newRoot: [UInt8], path: [[UInt8]]
  ) -> Bool {
    guard oldSize >= 0, oldSize <= newSize, areHashes(path) else { return false }
    if oldSize == newSize { return path.isEmpty && oldRoot == newRoot }
    if oldSize == 0 { return path.isEmpty && oldRoot == TreeHash.emptyRoot }
    // Where the old tree is perfect, its root starts the path and is left out of it.
    let isPerfect = oldSize & (oldSize - 1) == 0
    let hashes = isPerfect ? [oldRoot] + path : path
    guard let first = hashes.first, areHashes([first]) else { return false }

    var node = oldSize - 1
    var last = newSize - 1
    while node & 1 == 1 {
      node >>= 1
      last >>= 1
    }
    var old = first
    var new = first
    for sibling in hashes.dropFirst() {
      if last == 0 { return false }
      if node & 1 == 1 || node == last {
        old = TreeHash.node(sibling, old)
        new = TreeHash.node(sibling, new)
        while node & 1 == 0, node != 0 {
          node >>= 1
          last >>= 1
        }
      } else {
        new = TreeHash.node(new, sibling)
      }
      node >>= 1
      last >>= 1
    }
    return last == 0 && old == oldRoot && new == newRoot
  }

  private static func areHashes(_ hashes: [[UInt8]]) -> Bool {
    hashes.allSatisfy { $0.count == TreeHash.length }
  }
}
