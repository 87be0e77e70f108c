import Crypto
import Testing

@Suite struct SHA256Tests {
  /// FIPS 180-4's examples and lengths around the block, from Python's `hashlib`.
  @Test(
    "digests are those of the standard",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (String(repeating: "a", count: 63), "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"),
      (String(repeating: "a", count: 64), "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
      (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
  func vectors(text: String, hex: String) {
    let bytes = Array(text.utf8)
    #expect(Hex.string(SHA256Digest.hash(bytes)) == hex)
    #expect(Hex.string(SHA256Digest.hash(text.utf8)) == hex)
    #expect(Hex.string(SHA256Digest.hash(bytes[...])) == hex)
    #expect(Hex.string(SHA256Digest.hash(bytes.reversed().reversed() as ReversedCollection<[UInt8]>)) != "")
  }

  @Test("parts hash as if they were joined")
  func parts() {
    let first = Array("left".utf8)
    let second = Array("right".utf8)
    let joined = SHA256Digest.hash([1] + first + second)
    #expect(SHA256Digest.hash(prefix: 1, first, second) == joined)
    #expect(SHA256Digest.hash(prefix: 1, []) == SHA256Digest.hash([1]))
    var hasher = SHA256Hasher()
    hasher.update(1)
    hasher.update("left")
    hasher.update([])
    hasher.update(second)
    #expect(hasher.finalize() == joined)
    // The digest may be written over its input.
    var bytes = first + second + [UInt8](repeating: 0, count: 23)
    let expected = SHA256Digest.hash([1] + bytes)
    bytes.withUnsafeMutableBytes { buffer in
      SHA256Digest.hash(prefix: 1, UnsafeRawBufferPointer(buffer), into: buffer.baseAddress!)
    }
    #expect(bytes == expected)
  }
}
