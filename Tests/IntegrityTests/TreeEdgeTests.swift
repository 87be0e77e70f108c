import Crypto
import Integrity
import Testing

@Suite struct TreeEdgeTests {
  @Test("leaf hashes and roots of sizes 0 to 8 are the known ones")
  func knownRoots() throws {
    let answers = try KnownAnswers.load()
    var edge = TreeEdge()
    #expect(edge.root == answers.root(0))
    for (index, leaf) in answers.leaves.enumerated() {
      let hash = EventHash.leaf(entry: Hex.bytes(leaf)!)
      #expect(hash == answers.hashes[index])
      edge.append(leafHash: hash)
      #expect(edge.size == Int64(index + 1))
      #expect(edge.root == answers.root(index + 1), "size \(index + 1)")
      #expect(ReferenceTree(leafHashes: Array(answers.hashes[...index])).root() == answers.root(index + 1))
    }
  }

  @Test("the edge has the root of the whole tree at every size, and survives being written down")
  func agreesWithReference() throws {
    var edge = TreeEdge()
    var tree = ReferenceTree()
    for size in 1...300 {
      let hash = SHA256Digest.hash(Array("leaf \(size)".utf8))
      edge.append(leafHash: hash)
      tree.append(leafHash: hash)
      #expect(edge.encoded.count == 32 * size.nonzeroBitCount)
      #expect(edge.root == tree.root(), "size \(size)")
      let copy = try #require(TreeEdge(size: edge.size, encoded: edge.encoded))
      #expect(copy == edge)
      edge = copy
    }
  }

  @Test("an edge whose length and size disagree is refused")
  func refusals() {
    let hash = [UInt8](repeating: 1, count: 32)
    #expect(TreeEdge(size: 0, encoded: []) == TreeEdge())
    #expect(TreeEdge(size: 1, encoded: []) == nil)
    #expect(TreeEdge(size: 0, encoded: hash) == nil)
    #expect(TreeEdge(size: 3, encoded: hash) == nil)
    #expect(TreeEdge(size: 2, encoded: hash + [0]) == nil)
    #expect(TreeEdge(size: -1, encoded: hash) == nil)
    #expect(TreeEdge(size: 4, encoded: hash)?.root == hash)
  }

  @Test("odd nodes are not duplicated: three leaves have another root than four with the last twice")
  func noDuplicates() throws {
    let hashes = try KnownAnswers.load().hashes
    let three = ReferenceTree(leafHashes: Array(hashes[..<3]))
    let four = ReferenceTree(leafHashes: Array(hashes[..<3]) + [hashes[2]])
    #expect(three.root() != four.root())
  }
}
