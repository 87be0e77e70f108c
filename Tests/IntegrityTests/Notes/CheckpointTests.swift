import Crypto
import Integrity
import Testing

@Suite struct CheckpointTests {
  private let root = SHA256Digest.hash([1])

  @Test("the text is origin, size and root, and is read back")
  func roundTrip() throws {
    let checkpoint = Checkpoint(origin: "example.com/main", size: 20_852_163, root: root)
    #expect(
      String(decoding: checkpoint.text, as: UTF8.self) == "example.com/main\n20852163\n\(Base64.string(root))\n")
    #expect(try Checkpoint(text: checkpoint.text).agrees(with: checkpoint))
    let extended = try Checkpoint(text: checkpoint.text + Array("more\n".utf8))
    #expect(extended.extensions == ["more"])
    #expect(extended.agrees(with: checkpoint))
    #expect(!Checkpoint(origin: "example.com/main", size: 1, root: root).agrees(with: checkpoint))
  }

  @Test("anything else is refused")
  func refusals() {
    let hash = Base64.string(root)
    for text in [
      "", "a\n1\n", "a\n1\n\(hash)", "a\n01\n\(hash)\n", "a\n-1\n\(hash)\n", "a\n+1\n\(hash)\n", "\n1\n\(hash)\n",
      "a\n9223372036854775808\n\(hash)\n", "a\n1\n\(hash.dropLast(4))\n", "a\n1\n\(hash)\n\nmore\n",
      "a\n1 \n\(hash)\n",
    ] {
      #expect(throws: IntegrityError.self, "\(text)") { try Checkpoint(text: Array(text.utf8)) }
    }
  }

  @Test("a cosignature vouches for text and time")
  func cosignature() throws {
    let key = Ed25519PrivateKey.generate()
    let witness = try #require(VerifierKey(name: "w.example/1", kind: .cosignature, publicKey: key.publicKey))
    let checkpoint = Checkpoint(origin: "example.com/main", size: 3, root: root)
    let cosignature = Cosignature(time: 1_679_315_147, text: checkpoint.text) { key.sign($0) }
    #expect(
      String(decoding: Cosignature.message(time: 1_679_315_147, text: checkpoint.text), as: UTF8.self)
        == "cosignature/v1\ntime 1679315147\nexample.com/main\n3\n\(Base64.string(root))\n")
    var note = SignedNote(checkpoint.text, signers: [])
    note.add([cosignature.line(of: witness)])
    let read = try SignedNote(parsing: note.bytes)
    #expect(try read.verified(by: [witness]) == [witness])
    #expect(Cosignature(read.signatures[0]) == cosignature)
    // The same key as one that signs texts has another id, and its signature is another.
    let other = try #require(VerifierKey(name: "w.example/1", kind: .ed25519, publicKey: key.publicKey))
    #expect(other.id != witness.id)
    #expect(throws: IntegrityError.self) { try read.verified(by: [other]) }
    var later = read.signatures[0].bytes
    later[7] ^= 1
    let forged = NoteSignature(name: witness.name, keyID: witness.id, bytes: later)
    #expect(!witness.verifies(forged, of: checkpoint.text))
    #expect(Cosignature(NoteSignature(name: "w", keyID: 1, bytes: Array(later.dropLast()))) == nil)
  }
}
