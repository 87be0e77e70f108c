/// Comparison as header names want it (RFC 9110, section 5.1): ASCII letters without case, all else byte by byte.
public enum ASCIICase {
  /// Whether two texts are the same but for the case of ASCII letters.
  public static func isSame(_ left: String, _ right: String) -> Bool {
    guard left.utf8.count == right.utf8.count else { return false }
    return zip(left.utf8, right.utf8).allSatisfy { lowered($0) == lowered($1) }
  }

  private static func lowered(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}
