/// An RFC 6962 tree over all its leaf hashes, in memory: small trees, checks and proofs, by the RFC's own recursion.
///
/// Hashing is O(n) for each answer; a served log uses tiles instead.
public struct ReferenceTree: Sendable {
  /// The leaf hashes in order, 32 bytes each.
  public private(set) var leafHashes: [[UInt8]]

  /// Makes a tree.
  public init(leafHashes: [[UInt8]] = []) {
    precondition(leafHashes.allSatisfy { $0.count == TreeHash.length }, "a leaf hash has 32 bytes")
    self.leafHashes = leafHashes
  }

  /// Appends a leaf by its hash.
  public mutating func append(leafHash: [UInt8]) {
    precondition(leafHash.count == TreeHash.length, "a leaf hash has 32 bytes")
    leafHashes.append(leafHash)
  }

  /// The root of the first `size` leaves (of all where nil).
  public func root(size: Int? = nil) -> [UInt8] {
    root(leafHashes[..<(size ?? leafHashes.count)])
  }

  /// The inclusion path of a leaf in the tree of the first `size` leaves, from the leaf upwards.
  public func inclusionPath(index: Int, size: Int) -> [[UInt8]] {
    precondition(index >= 0 && index < size && size <= leafHashes.count, "a leaf of the tree")
    return inclusionPath(index, leafHashes[..<size])
  }

  /// The consistency path between the trees of the first `oldSize` and `newSize` leaves; empty where they are the same
  /// or the old one is empty.
  public func consistencyPath(oldSize: Int, newSize: Int) -> [[UInt8]] {
    precondition(oldSize >= 0 && oldSize <= newSize && newSize <= leafHashes.count, "two sizes of the tree")
    if oldSize == 0 || oldSize == newSize { return [] }
    return subproof(oldSize, leafHashes[..<newSize], isWholeOld: true)
  }

  private func root(_ leaves: ArraySlice<[UInt8]>) -> [UInt8] {
    switch leaves.count {
    case 0: return TreeHash.emptyRoot
    case 1: return leaves[leaves.startIndex]
    default:
      let (left, right) = halves(leaves)
      return TreeHash.node(root(left), root(right))
    }
  }

  private func inclusionPath(_ index: Int, _ leaves: ArraySlice<[UInt8]>) -> [[UInt8]] {
    guard leaves.count > 1 else { return [] }
    let (left, right) = halves(leaves)
    if index < left.count { return inclusionPath(index, left) + [root(right)] }
    return inclusionPath(index - left.count, right) + [root(left)]
  }

  /// SUBPROOF(m, D[n], b) of RFC 6962, section 2.1.2.
  private func subproof(_ oldSize: Int, _ leaves: ArraySlice<[UInt8]>, isWholeOld: Bool) -> [[UInt8]] {
    if oldSize == leaves.count { return isWholeOld ? [] : [root(leaves)] }
    let (left, right) = halves(leaves)
    if oldSize <= left.count { return subproof(oldSize, left, isWholeOld: isWholeOld) + [root(right)] }
    return subproof(oldSize - left.count, right, isWholeOld: false) + [root(left)]
  }

  private func halves(_ leaves: ArraySlice<[UInt8]>) -> (left: ArraySlice<[UInt8]>, right: ArraySlice<[UInt8]>) {
    let middle = leaves.startIndex + Int(TreeHash.split(Int64(leaves.count)))
    return (leaves[..<middle], leaves[middle...])
  }
}
