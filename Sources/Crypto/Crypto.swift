/// Hashing and randomness of OpenSSL's libcrypto.
public enum SHA256Digest {
  /// SHA-256 of bytes: 32 bytes.
  public static func hash(_ bytes: some Collection<UInt8>) -> [UInt8] { fatalError("contract") }
  /// SHA-256 of a prefix byte followed by parts, without joining them first.
  public static func hash(prefix: UInt8, _ first: [UInt8], _ second: [UInt8] = []) -> [UInt8] { fatalError("contract") }
}

/// The system's randomness.
public enum SecureRandom {
  /// Unpredictable bytes.
  public static func bytes(_ count: Int) -> [UInt8] { fatalError("contract") }
}

/// Lower-case hexadecimal.
public enum Hex {
  /// Two digits a byte.
  public static func string(_ bytes: some Collection<UInt8>) -> String { fatalError("contract") }
  /// Reads it; nil for anything but an even number of lower-case digits.
  public static func bytes(_ text: String) -> [UInt8]? { fatalError("contract") }
}
