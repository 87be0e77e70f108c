import Crypto
import Testing

@Suite struct Ed25519Tests {
  /// RFC 8032, section 7.1: seed, public key, message, signature.
  static let known: [(seed: String, key: String, message: String, signature: String)] = [
    (
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        + "d25bf5f0595bbe24655141438e7a100b"
    ),
    (
      "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        + "4a7c15e9716ed28dc027beceea1ec40a"
    ),
  ]

  @Test("keys and signatures are those of RFC 8032", arguments: 0..<2)
  func knownAnswers(index: Int) throws {
    let (seed, publicKey, message, signature) = Self.known[index]
    let key = try #require(Ed25519PrivateKey(seed: Hex.bytes(seed)!))
    #expect(Hex.string(key.publicKey) == publicKey)
    #expect(Hex.string(key.sign(Hex.bytes(message)!)) == signature)
    #expect(Ed25519.verify(Hex.bytes(signature)!, of: Hex.bytes(message)!, publicKey: key.publicKey))
  }

  @Test("a signature verifies its message and nothing else")
  func verification() {
    let (key, other) = (Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate())
    let message = Array("message".utf8)
    let signature = key.sign(message)
    #expect(Ed25519.verify(signature, of: message, publicKey: key.publicKey))
    #expect(!Ed25519.verify(signature, of: message + [0], publicKey: key.publicKey))
    #expect(!Ed25519.verify(signature, of: message, publicKey: other.publicKey))
    #expect(!Ed25519.verify(Array(signature.dropLast()), of: message, publicKey: key.publicKey))
    #expect(!Ed25519.verify(signature, of: message, publicKey: []))
    for bit in stride(from: 0, to: 512, by: 37) {
      var flipped = signature
      flipped[bit / 8] ^= 1 << (bit % 8)
      #expect(!Ed25519.verify(flipped, of: message, publicKey: key.publicKey))
    }
  }

  @Test("the PEM form is read back, and nothing like it")
  func pem() throws {
    let key = Ed25519PrivateKey.generate()
    let copy = try #require(Ed25519PrivateKey(pem: key.pem))
    #expect(copy.publicKey == key.publicKey)
    #expect(Ed25519PrivateKey(pem: key.pem + "\n") == nil)
    #expect(Ed25519PrivateKey(pem: key.pem.replacing("PRIVATE", with: "PUBLIC")) == nil)
    #expect(Ed25519PrivateKey(pem: "") == nil)
    #expect(Ed25519PrivateKey(seed: [1]) == nil)
  }

  @Test("a private key says nothing of itself")
  func secrecy() {
    let key = Ed25519PrivateKey.generate()
    var dumped = ""
    dump(key, to: &dumped)
    for text in ["\(key)", String(reflecting: key), dumped] { #expect(text.count < 40, "\(text)") }
  }
}

@Suite struct Base64Tests {
  @Test("every length is read back, and every other text refused")
  func decoding() {
    for count in 0..<70 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
      #expect(Base64.bytes(Base64.string(bytes)) == bytes)
    }
    for text in ["A", "AA", "AAA", "AA=A", "A===", "====", "AAAA=", "AB==", "AAB=", "AA\n=", "AA-_", "AAAA "] {
      #expect(Base64.bytes(text) == nil, "\(text)")
    }
  }
}
