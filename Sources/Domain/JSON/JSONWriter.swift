/// Appends JSON text to bytes, for hot paths that write members in canonical order themselves.
public enum JSONWriter {
  /// Appends a quoted string with RFC 8785's minimal escapes.
  public static func appendString(_ text: String, to bytes: inout [UInt8]) {
    text.withUTF8Bytes { JSONText.appendQuoted($0, to: &bytes) }
  }

  /// Appends the quoted string of UTF-8 that lies elsewhere, such as in the answer of a database.
  public static func appendString(utf8 text: UnsafeRawBufferPointer, to bytes: inout [UInt8]) {
    JSONText.appendQuoted(text.assumingMemoryBound(to: UInt8.self), to: &bytes)
  }

  /// Appends a decimal integer.
  public static func appendInteger(_ value: Int64, to bytes: inout [UInt8]) {
    // 19 digits and a sign; filled from the end.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var at = 20
      var rest = value.magnitude
      repeat {
        at -= 1
        digits[at] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      } while rest > 0
      if value < 0 {
        at -= 1
        digits[at] = UInt8(ascii: "-")
      }
      bytes.append(contentsOf: UnsafeMutableBufferPointer(rebasing: digits[at...]))
    }
  }
}
