/// SHA-256 (FIPS 180-4) in one call.
public enum SHA256Digest {
  /// SHA-256 of bytes: 32 bytes.
  public static func hash(_ bytes: some Collection<UInt8>) -> [UInt8] {
    var hasher = SHA256Hasher()
    if bytes.withContiguousStorageIfAvailable({ hasher.update(UnsafeRawBufferPointer($0)) }) == nil {
      hasher.update(Array(bytes))
    }
    return hasher.finalize()
  }

  /// SHA-256 of an array of bytes: 32 bytes.
  public static func hash(_ bytes: [UInt8]) -> [UInt8] {
    var hasher = SHA256Hasher()
    hasher.update(bytes)
    return hasher.finalize()
  }

  /// SHA-256 of a prefix byte followed by parts, without joining them first.
  public static func hash(prefix: UInt8, _ first: [UInt8], _ second: [UInt8] = []) -> [UInt8] {
    var hasher = SHA256Hasher()
    hasher.update(prefix)
    hasher.update(first)
    hasher.update(second)
    return hasher.finalize()
  }

  /// SHA-256 of a prefix byte followed by bytes, written into 32 bytes of the caller's, which may be among the input.
  public static func hash(prefix: UInt8, _ bytes: UnsafeRawBufferPointer, into digest: UnsafeMutableRawPointer) {
    var hasher = SHA256Hasher()
    hasher.update(prefix)
    hasher.update(bytes)
    hasher.finalize(into: digest)
  }

  /// SHA-256 of bytes that lie elsewhere, written into 32 bytes of the caller's.
  public static func hash(_ bytes: UnsafeRawBufferPointer, into digest: UnsafeMutableRawPointer) {
    var hasher = SHA256Hasher()
    hasher.update(bytes)
    hasher.finalize(into: digest)
  }
}
