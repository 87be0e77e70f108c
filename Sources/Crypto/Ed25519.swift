internal import CCrypto

/// Ed25519 signatures (RFC 8032).
public enum Ed25519 {
  /// Bytes of a public key.
  public static let publicKeyLength = 32
  /// Bytes of a signature.
  public static let signatureLength = 64

  /// True where the signature over the message is the key's.
  public static func verify(_ signature: [UInt8], of message: [UInt8], publicKey: [UInt8]) -> Bool {
    guard signature.count == signatureLength, publicKey.count == publicKeyLength,
      let key = EVP_PKEY_new_raw_public_key(NID_ED25519, nil, publicKey, publicKey.count)
    else { return false }
    defer { EVP_PKEY_free(key) }
    guard let context = EVP_MD_CTX_new() else { fatalError("no memory for libcrypto") }
    defer { EVP_MD_CTX_free(context) }
    return EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1
      && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
  }
}

/// A private key of Ed25519. Its text for people and debuggers says nothing.
public struct Ed25519PrivateKey: Sendable {
  private let seed: [UInt8]
  /// The 32 bytes that verify.
  public let publicKey: [UInt8]

  /// Bytes of a seed.
  public static let seedLength = 32

  /// A new key from the system's randomness.
  public static func generate() -> Ed25519PrivateKey {
    guard let key = Ed25519PrivateKey(seed: SecureRandom.bytes(seedLength)) else {
      preconditionFailure("any 32 bytes are a seed")
    }
    return key
  }

  /// The key of a seed of 32 bytes; nil for any other number.
  public init?(seed: [UInt8]) {
    guard seed.count == Self.seedLength else { return nil }
    self.seed = seed
    publicKey = Self.withKey(seed) { key in
      [UInt8](unsafeUninitializedCapacity: Ed25519.publicKeyLength) { buffer, count in
        count = Ed25519.publicKeyLength
        guard EVP_PKEY_get_raw_public_key(key, buffer.baseAddress, &count) == 1 else {
          fatalError("libcrypto has no public key for a seed")
        }
      }
    }
  }

  /// The 64 bytes of a signature over the message; the same each time.
  public func sign(_ message: [UInt8]) -> [UInt8] {
    Self.withKey(seed) { key in
      guard let context = EVP_MD_CTX_new() else { fatalError("no memory for libcrypto") }
      defer { EVP_MD_CTX_free(context) }
      return [UInt8](unsafeUninitializedCapacity: Ed25519.signatureLength) { buffer, count in
        count = Ed25519.signatureLength
        guard EVP_DigestSignInit(context, nil, nil, nil, key) == 1,
          EVP_DigestSign(context, buffer.baseAddress, &count, message, message.count) == 1
        else { fatalError("libcrypto does not sign") }
      }
    }
  }

  private static func withKey<Value>(_ seed: [UInt8], _ body: (OpaquePointer) -> Value) -> Value {
    guard let key = EVP_PKEY_new_raw_private_key(NID_ED25519, nil, seed, seed.count) else {
      fatalError("libcrypto takes no Ed25519 key")
    }
    defer { EVP_PKEY_free(key) }
    return body(key)
  }
}

extension Ed25519PrivateKey {
  /// What stands before the seed in its PKCS #8 form (RFC 8410, section 7).
  private static let prefix: [UInt8] = [
    0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
  ]
  private static let heading = "-----BEGIN PRIVATE KEY-----\n"
  private static let footing = "\n-----END PRIVATE KEY-----\n"

  /// The key as PEM (PKCS #8, RFC 8410), which other tools read too: `openssl pkey -in FILE -text`.
  public var pem: String { Self.heading + Base64.string(Self.prefix + seed) + Self.footing }

  /// Reads what `pem` writes; nil for anything else.
  public init?(pem: String) {
    guard pem.hasPrefix(Self.heading), pem.hasSuffix(Self.footing),
      let bytes = Base64.bytes(String(pem.dropFirst(Self.heading.count).dropLast(Self.footing.count))),
      bytes.starts(with: Self.prefix)
    else { return nil }
    self.init(seed: Array(bytes.dropFirst(Self.prefix.count)))
  }
}

extension Ed25519PrivateKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Nothing of the key.
  public var description: String { "Ed25519PrivateKey" }
  /// Nothing of the key.
  public var debugDescription: String { description }
  /// Nothing of the key.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
