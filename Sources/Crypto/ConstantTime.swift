internal import CCrypto

/// Comparisons that take the same time wherever the difference is.
public enum ConstantTime {
  /// True for the same bytes; only a difference in length is told early.
  public static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    if left.isEmpty { return true }
    return CRYPTO_memcmp(left, right, left.count) == 0
  }
}
