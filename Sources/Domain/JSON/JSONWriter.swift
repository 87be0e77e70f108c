/// Appends JSON text to bytes, for hot paths that write members in canonical order themselves.
public enum JSONWriter {
  /// Appends a quoted string with RFC 8785's minimal escapes.
  public static func appendString(_ text: String, to bytes: inout [UInt8]) { fatalError("contract") }
  /// Appends a decimal integer.
  public static func appendInteger(_ value: Int64, to bytes: inout [UInt8]) { fatalError("contract") }
}
