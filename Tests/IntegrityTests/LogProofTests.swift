import Crypto
import Integrity
import Testing

@Suite struct LogProofTests {
  private let log = Ed25519PrivateKey.generate()
  private let witness = Ed25519PrivateKey.generate()
  private let tree = ReferenceTree(leafHashes: (0..<40).map { SHA256Digest.hash([UInt8($0)]) })

  private func keys() throws -> (log: VerifierKey, witness: VerifierKey) {
    (
      try #require(VerifierKey(name: "example.com/main", kind: .ed25519, publicKey: log.publicKey)),
      try #require(VerifierKey(name: "w.example", kind: .cosignature, publicKey: witness.publicKey))
    )
  }

  private func proof(_ index: Int, size: Int = 40, origin: String = "example.com/main") throws -> LogProof {
    let keys = try keys()
    let text = Checkpoint(origin: origin, size: Int64(size), root: tree.root(size: size)).text
    var note = SignedNote(text, signers: [NoteSigner(keys.log) { [log] in log.sign($0) }])
    note.add([Cosignature(time: 1, text: text) { witness.sign($0) }.line(of: keys.witness)])
    return LogProof(
      extra: Array("extra".utf8), index: Int64(index), path: tree.inclusionPath(index: index, size: size),
      checkpoint: note)
  }

  @Test("a proof is read back and verifies with keys alone")
  func roundTrip() throws {
    let keys = try keys()
    for index in [0, 17, 39] {
      let bytes = try proof(index).bytes
      let read = try LogProof(parsing: bytes)
      #expect(read.bytes == bytes && read.extra == Array("extra".utf8))
      let (checkpoint, witnesses) = try read.verify(
        leafHash: tree.leafHashes[index], log: keys.log, witnesses: [keys.witness])
      #expect(checkpoint.size == 40 && witnesses == [keys.witness])
    }
    var plain = try proof(0, size: 1)
    plain.extra = nil
    #expect(
      String(decoding: plain.bytes, as: UTF8.self).hasPrefix(
        "c2sp.org/tlog-proof@v1\nindex 0\n\nexample.com/main\n1\n"))
    #expect(try LogProof(parsing: plain.bytes).extra == nil)
  }

  @Test("anything else does not")
  func refusals() throws {
    let keys = try keys()
    let leaf = tree.leafHashes[17]
    func verify(_ proof: LogProof, _ leaf: [UInt8], _ key: VerifierKey) throws {
      _ = try proof.verify(leafHash: leaf, log: key, witnesses: [keys.witness])
    }
    try verify(try proof(17), leaf, keys.log)
    #expect(throws: IntegrityError.self) { try verify(try proof(17), tree.leafHashes[18], keys.log) }
    #expect(throws: IntegrityError.self) { try verify(try proof(18), leaf, keys.log) }
    // Signed by the witness alone, by another key of the name, or for another log.
    #expect(throws: IntegrityError.self) {
      _ = try proof(17).verify(
        leafHash: leaf, log: #require(VerifierKey(name: "other", kind: .ed25519, publicKey: log.publicKey)),
        witnesses: [keys.witness])
    }
    let other = Ed25519PrivateKey.generate().publicKey
    let stranger = try #require(VerifierKey(name: "example.com/main", kind: .ed25519, publicKey: other))
    #expect(throws: IntegrityError.self) { try verify(try proof(17), leaf, stranger) }
    #expect(throws: IntegrityError.self) { try verify(try proof(17, origin: "example.com/other"), leaf, keys.log) }
    var shorter = try proof(17)
    shorter.path.removeLast()
    #expect(throws: IntegrityError.self) { try verify(shorter, leaf, keys.log) }
  }

  @Test("what is no proof is refused wherever it is cut off or changed")
  func malformed() throws {
    let text = String(decoding: try proof(17).bytes, as: UTF8.self)
    for cut in stride(from: 0, to: text.count, by: 7) {
      #expect(throws: IntegrityError.self) { try LogProof(parsing: Array(text.prefix(cut).utf8)) }
    }
    for (from, to) in [
      ("proof@v1", "proof@v2"), ("index 17", "index 017"), ("index 17", "index -1"), ("index 17\n", ""),
      ("extra ", "extra  "), ("extra ", "Extra "),
    ] {
      #expect(throws: IntegrityError.self) { try LogProof(parsing: Array(text.replacing(from, with: to).utf8)) }
    }
  }
}
