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
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: DigitWriter.longestInteger) { digits in
      let start = DigitWriter.integer(value, into: digits)
      bytes.append(contentsOf: UnsafeMutableBufferPointer(rebasing: digits[start...]))
    }
  }
}
