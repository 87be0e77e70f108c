/// Base64 of RFC 4648.
public enum Base64 {
  /// The standard alphabet with padding, as signed notes use it.
  public static func string(_ bytes: [UInt8]) -> String {
    encode(bytes, alphabet: standard, isPadded: true)
  }

  /// The alphabet for addresses and file names, without padding.
  public static func urlString(_ bytes: [UInt8]) -> String {
    encode(bytes, alphabet: urlSafe, isPadded: false)
  }

  private static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
  private static let standard = Array((letters + "+/").utf8)
  private static let urlSafe = Array((letters + "-_").utf8)

  private static func encode(_ bytes: [UInt8], alphabet: [UInt8], isPadded: Bool) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let count = min(3, bytes.count - start)
      var group: UInt32 = 0
      for offset in 0..<3 { group = group << 8 | (offset < count ? UInt32(bytes[start + offset]) : 0) }
      for place in 0..<4 {
        if place <= count {
          text.append(alphabet[Int(group >> (18 - 6 * UInt32(place)) & 63)])
        } else if isPadded {
          text.append(UInt8(ascii: "="))
        }
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
