internal import Crypto

/// The hashes of RFC 6962, section 2.1.
public enum TreeHash {
  /// Bytes of a hash.
  public static let length = 32

  /// Set before a leaf's bytes, so that no leaf can pass for a node.
  static let leafPrefix: UInt8 = 0x00

  /// Set before a node's children.
  static let nodePrefix: UInt8 = 0x01

  /// SHA-256(0x00 ‖ entry).
  public static func leaf(_ entry: [UInt8]) -> [UInt8] {
    SHA256Digest.hash(prefix: leafPrefix, entry)
  }

  /// SHA-256(0x00 ‖ entry) of bytes that lie elsewhere, into 32 bytes.
  public static func leaf(_ entry: UnsafeRawBufferPointer, into digest: UnsafeMutableRawPointer) {
    SHA256Digest.hash(prefix: leafPrefix, entry, into: digest)
  }

  /// SHA-256(0x01 ‖ left ‖ right).
  public static func node(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
    SHA256Digest.hash(prefix: nodePrefix, left, right)
  }

  /// SHA-256(0x01 ‖ pair) of 64 bytes, into 32 bytes that may be among them.
  static func hashNode(_ pair: UnsafeRawBufferPointer, _ digest: UnsafeMutableRawPointer) {
    SHA256Digest.hash(prefix: nodePrefix, pair, into: digest)
  }

  /// SHA-256 of nothing, the root of the empty tree.
  public static let emptyRoot = SHA256Digest.hash([])

  /// The largest power of two below `size`, which must be at least 2: where RFC 6962 splits a tree.
  static func split(_ size: Int64) -> Int64 {
    precondition(size >= 2, "a tree of one leaf is not split")
    return 1 << (Int64.bitWidth - 1 - (size - 1).leadingZeroBitCount)
  }
}
