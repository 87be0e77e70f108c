import Crypto
import Integrity
import Testing

@Suite struct ProofTests {
  @Test("inclusion paths are the known ones and verify")
  func knownInclusion() throws {
    let answers = try KnownAnswers.load()
    let tree = ReferenceTree(leafHashes: answers.hashes)
    #expect(answers.inclusion.count == 36)
    for proof in answers.inclusion {
      let path = proof.path.map { Hex.bytes($0)! }
      #expect(tree.inclusionPath(index: proof.index, size: proof.size) == path, "\(proof.index) of \(proof.size)")
      #expect(
        ProofVerifier.isIncluded(
          leafHash: answers.hashes[proof.index], index: Int64(proof.index), size: Int64(proof.size), path: path,
          root: answers.root(proof.size)))
    }
  }

  @Test("consistency paths are the known ones and verify")
  func knownConsistency() throws {
    let answers = try KnownAnswers.load()
    let tree = ReferenceTree(leafHashes: answers.hashes)
    #expect(answers.consistency.count == 28)
    for proof in answers.consistency {
      let path = proof.path.map { Hex.bytes($0)! }
      #expect(tree.consistencyPath(oldSize: proof.old, newSize: proof.new) == path, "\(proof.old) to \(proof.new)")
      #expect(
        ProofVerifier.isConsistent(
          oldSize: Int64(proof.old), oldRoot: answers.root(proof.old), newSize: Int64(proof.new),
          newRoot: answers.root(proof.new), path: path))
    }
  }

  @Test("every leaf and every pair of sizes up to 40 is proved, and nothing else passes")
  func everySize() {
    let hashes = (0..<40).map { SHA256Digest.hash([UInt8($0)]) }
    let tree = ReferenceTree(leafHashes: hashes)
    for size in 1...40 {
      let root = tree.root(size: size)
      for index in 0..<size {
        let path = tree.inclusionPath(index: index, size: size)
        func verify(_ leaf: [UInt8], _ index: Int, _ size: Int, _ path: [[UInt8]], _ root: [UInt8]) -> Bool {
          ProofVerifier.isIncluded(leafHash: leaf, index: Int64(index), size: Int64(size), path: path, root: root)
        }
        #expect(verify(hashes[index], index, size, path, root))
        #expect(!verify(hashes[(index + 1) % 40], index, size, path, root))
        #expect(!verify(hashes[index], index, size, path + [root], root))
        #expect(!verify(hashes[index], size, size, path, root))
        #expect(!verify(hashes[index], -1, size, path, root))
        if size > 1 {
          #expect(!verify(hashes[index], (index + 1) % size, size, path, root))
          #expect(!verify(hashes[index], index, size, Array(path.dropLast()), root))
          #expect(!verify(hashes[index], index, size, [[0]] + path.dropFirst(), root))
          #expect(!verify(hashes[index], index, size, path, hashes[0]))
        }
      }
    }
  }

  @Test("a tree is consistent only with what it grew from")
  func consistency() {
    let hashes = (0..<40).map { SHA256Digest.hash([UInt8($0)]) }
    let tree = ReferenceTree(leafHashes: hashes)
    for newSize in 0...40 {
      let newRoot = tree.root(size: newSize)
      for oldSize in 0...newSize {
        let oldRoot = tree.root(size: oldSize)
        let path = tree.consistencyPath(oldSize: oldSize, newSize: newSize)
        func verify(_ oldRoot: [UInt8], _ newRoot: [UInt8], _ path: [[UInt8]]) -> Bool {
          ProofVerifier.isConsistent(
            oldSize: Int64(oldSize), oldRoot: oldRoot, newSize: Int64(newSize), newRoot: newRoot, path: path)
        }
        #expect(verify(oldRoot, newRoot, path), "\(oldSize) to \(newSize)")
        let other = SHA256Digest.hash(Array("another history".utf8))
        #expect(!verify(other, newRoot, path))
        if oldSize > 0 {
          #expect(!verify(oldRoot, other, path))
          #expect(!verify(oldRoot, newRoot, path + [other]))
        }
        if !path.isEmpty { #expect(!verify(oldRoot, newRoot, Array(path.dropLast()))) }
      }
    }
    #expect(
      !ProofVerifier.isConsistent(
        oldSize: 5, oldRoot: tree.root(size: 5), newSize: 4, newRoot: tree.root(size: 4), path: []))
  }
}
