/// Time-ordered identities of RFC 9562, which keep the log's indexes local.
public enum UUIDv7 {
  /// The text of a UUID of version 7, in lower case with hyphens.
  ///
  /// - Parameters:
  ///   - milliseconds: since 1970, within 0 ..< 2^48.
  ///   - random: ten random bytes, of which the six bits of version and variant are overwritten.
  public static func text(milliseconds: Int64, random: [UInt8]) -> String {
    precondition((0..<(1 << 48)).contains(milliseconds), "a time within 48 bits of milliseconds")
    precondition(random.count >= 10, "ten random bytes")
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 36) { buffer in
      var index = 0
      for place in 0..<16 {
        if place == 4 || place == 6 || place == 8 || place == 10 {
          buffer[index] = UInt8(ascii: "-")
          index += 1
        }
        let byte = byte(place, milliseconds, random)
        buffer[index] = digit(byte >> 4)
        buffer[index + 1] = digit(byte & 0xF)
        index += 2
      }
      return String(decoding: UnsafeBufferPointer(buffer), as: UTF8.self)
    }
  }

  private static func byte(_ place: Int, _ milliseconds: Int64, _ random: [UInt8]) -> UInt8 {
    switch place {
    case 0..<6: UInt8(truncatingIfNeeded: milliseconds >> (8 * (5 - place)))
    case 6: 0x70 | random[0] & 0x0F
    case 8: 0x80 | random[2] & 0x3F
    default: random[place - 6]
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
}
