/// Zstandard frames.
public enum Zstandard {
  /// Compresses into one frame that carries its content size and a checksum.
  public static func compress(_ bytes: [UInt8], level: Int = 3) throws(CompressionError) -> [UInt8] { fatalError("contract") }
  /// Decompresses; refuses more than `limit` bytes of content.
  public static func decompress(_ bytes: [UInt8], limit: Int) throws(CompressionError) -> [UInt8] { fatalError("contract") }
}

/// What libzstd refused.
public struct CompressionError: Error, Sendable { public var detail: String }
