internal import CCrypto

/// The system's randomness.
public enum SecureRandom {
  /// Unpredictable bytes. Stops the process where the system has none: nothing may go on with guessable secrets.
  public static func bytes(_ count: Int) -> [UInt8] {
    precondition(count >= 0 && count <= 1 << 24, "a bounded number of bytes")
    if count == 0 { return [] }
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      guard RAND_bytes(buffer.baseAddress, Int32(count)) == 1 else { fatalError("no randomness from libcrypto") }
      filled = count
    }
  }

  /// Random text of the letters and digits `0-9A-Za-z`, each equally likely (5.95 bits a character).
  ///
  /// 22 characters hold more than 128 bits (tokens of persons), 43 more than 256 (secrets of keys).
  public static func base62(_ count: Int) -> String {
    precondition(count >= 0, "a number of characters")
    var text: [UInt8] = []
    text.reserveCapacity(count)
    while text.count < count {
      // A byte of 248 or more is thrown away, as 256 is no multiple of 62.
      for byte in bytes(count - text.count + 2) where byte < 248 && text.count < count {
        text.append(base62Digits[Int(byte % 62)])
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// A new token for a person: `p_` and 22 random characters, which say nothing about who it is.
  public static func personToken() -> String { "p_" + base62(22) }

  private static let base62Digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
}
