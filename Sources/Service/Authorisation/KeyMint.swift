import Crypto

/// Makes new keys from the system's randomness.
public enum KeyMint {
  /// A key that was just made; its text is shown once and kept nowhere.
  public struct Minted: Sendable, CustomStringConvertible {
    /// Twelve of `[a-z0-9]`.
    public let id: String
    /// `dbk_<id>_<secret>`: a secret.
    public let text: String
    /// Lower-case hex SHA-256 of the text: what the ledger keeps.
    public let sha256: String
    /// The id; never the secret.
    public var description: String { "key \(id)" }
  }

  /// Makes a key.
  public static func mint() -> Minted {
    let id = freshID()
    let secret = SecureRandom.base62(KeyText.secretLength)
    let text = "\(KeyText.prefix)\(id)_\(secret)"
    return Minted(id: id, text: text, sha256: Hex.string(SHA256Digest.hash(Array(text.utf8))))
  }

  /// Evenly distributed digits: bytes beyond the largest multiple of the alphabet's size are thrown away.
  private static func freshID() -> String {
    let alphabet = KeyAlphabet.id
    let limit = 256 - 256 % alphabet.count
    var digits: [UInt8] = []
    while digits.count < KeyText.idLength {
      for byte in SecureRandom.bytes(KeyText.idLength) where Int(byte) < limit && digits.count < KeyText.idLength {
        digits.append(alphabet[Int(byte) % alphabet.count])
      }
    }
    return String(decoding: digits, as: UTF8.self)
  }
}
