import Crypto
import Integrity
import Testing

@Suite struct NoteTests {
  /// The examples of c2sp.org/signed-note and of Go's package sumdb/note.
  static let published: [(key: String, note: String)] = [
    (
      "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
      """
      This is an example message.

      — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=

      """
    ),
    (
      "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
      """
      If you think cryptography is the answer to your problem,
      then you don't know what your problem is.

      — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=

      """
    ),
  ]

  @Test("notes that others signed verify", arguments: 0..<2)
  func published(index: Int) throws {
    let key = try VerifierKey(parsing: Self.published[index].key)
    #expect(key.text == Self.published[index].key)
    let bytes = Array(Self.published[index].note.utf8)
    let note = try SignedNote(parsing: bytes)
    #expect(try note.verified(by: [key]) == [key])
    #expect(note.bytes == bytes)
    var forged = bytes
    forged[3] ^= 1
    #expect(throws: IntegrityError.self) { try SignedNote(parsing: forged).verified(by: [key]) }
  }

  static func signer(_ name: String, _ key: Ed25519PrivateKey) throws -> NoteSigner {
    let verifier = try #require(VerifierKey(name: name, kind: .ed25519, publicKey: key.publicKey))
    return NoteSigner(verifier) { key.sign($0) }
  }

  @Test("what is signed here verifies, whoever else signed it")
  func signing() throws {
    let (one, two) = (try Self.signer("a/log", .generate()), try Self.signer("b.example/log", .generate()))
    let note = try SignedNote(parsing: SignedNote(Array("first\n\nlast\n".utf8), signers: [one, two]).bytes)
    #expect(try note.verified(by: [two.key, one.key]).count == 2)
    #expect(try note.verified(by: [two.key]) == [two.key])
    let error = #expect(throws: IntegrityError.self) {
      try note.verified(by: [Self.signer("a/log", .generate()).key])
    }
    #expect(error?.code == .notVerified)
  }

  @Test("a known key's wrong signature is refused, whatever else verifies")
  func wrongSignature() throws {
    let (one, two) = (try Self.signer("a", .generate()), try Self.signer("b", .generate()))
    var note = SignedNote(Array("text\n".utf8), signers: [one])
    note.add([two.signature(of: Array("other\n".utf8))])
    #expect(try note.verified(by: [one.key]) == [one.key])
    #expect(throws: IntegrityError.self) { try note.verified(by: [one.key, two.key]) }
  }

  @Test(
    "what is no note is refused",
    arguments: [
      "", "\n", "text\n", "text\n\n", "text\n\n— a AAAAAAE=", "text\n— a AAAAAAE=\n", "text\n\n- a AAAAAAE=\n",
      "text\n\n— a AAAAAA==\n", "text\n\n—  AAAAAAE=\n", "text\n\n— a+b AAAAAAE=\n", "text\n\n— a AAAAAAE= \n",
      "te\txt\n\n— a AAAAAAE=\n", "text\r\n\n— a AAAAAAE=\n", "text\n\n— a\u{A0}b AAAAAAE=\n",
      "text\n\n— a AAAAAAF\n",
      "text\n\n\n", "text\n\n— a AAAAAAE=\n\n",
    ])
  func malformed(text: String) {
    let error = #expect(throws: IntegrityError.self) { try SignedNote(parsing: Array(text.utf8)) }
    #expect(error?.code == .malformed)
  }

  @Test("bytes that are no UTF-8, notes beyond the bound and too many signatures are refused")
  func bounds() throws {
    let line = NoteSignature(name: "a", keyID: 1, bytes: [1]).line
    for bytes in [
      Array("te".utf8) + [0xFF] + Array("xt\n\n\(line)".utf8),
      Array((String(repeating: "a", count: 65_536) + "\n\n" + line).utf8),
      Array(("a\n\n" + String(repeating: line, count: 101)).utf8),
    ] {
      #expect(throws: IntegrityError.self) { try SignedNote(parsing: bytes) }
    }
    #expect(
      try SignedNote(parsing: Array(("a\n\n" + String(repeating: line, count: 100)).utf8)).signatures.count == 100)
  }

  @Test("verifier keys that are not what they say are refused")
  func verifierKeys() {
    let good = Self.published[0].key
    for text in [
      "", "a", "a+b", good + "=", good.replacing("530d903a", with: "530d903b"), good.replacing("530d", with: "530D"),
      good.replacing("/foo", with: "/bar"), "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    ] {
      #expect(throws: IntegrityError.self, "\(text)") { try VerifierKey(parsing: text) }
    }
    #expect(VerifierKey(name: "a b", kind: .ed25519, publicKey: Array(repeating: 0, count: 32)) == nil)
    #expect(VerifierKey(name: "a", kind: .ed25519, publicKey: [0]) == nil)
  }
}
