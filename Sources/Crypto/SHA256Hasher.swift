internal import CCrypto

/// SHA-256 of bytes that come in parts, without joining them and without a heap context.
public struct SHA256Hasher: Sendable {
  private var context = SHA256_CTX()

  /// Bytes of a digest.
  public static let digestLength = 32

  /// Starts a digest.
  public init() {
    SHA256_Init(&context)
  }

  /// Takes in one byte.
  public mutating func update(_ byte: UInt8) {
    withUnsafePointer(to: byte) { _ = SHA256_Update(&context, $0, 1) }
  }

  /// Takes in bytes.
  public mutating func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { update($0) }
  }

  /// Takes in bytes.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress else { return }
    SHA256_Update(&context, base, bytes.count)
  }

  /// Takes in the bytes of a literal.
  public mutating func update(_ text: StaticString) {
    SHA256_Update(&context, text.utf8Start, text.utf8CodeUnitCount)
  }

  /// Ends the digest into 32 bytes of the caller's; the hasher must not be used after.
  public mutating func finalize(into digest: UnsafeMutableRawPointer) {
    SHA256_Final(digest.assumingMemoryBound(to: UInt8.self), &context)
  }

  /// Ends the digest: 32 bytes; the hasher must not be used after.
  public mutating func finalize() -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Self.digestLength) { buffer, count in
      SHA256_Final(buffer.baseAddress!, &context)
      count = Self.digestLength
    }
  }
}
