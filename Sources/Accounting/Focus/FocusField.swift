import Domain

/// Fields of CSV (RFC 4180).
enum FocusField {
  /// A decimal, with a point in it: a column of whole numbers would be taken for one of integers, which FOCUS does not allow.
  static func append(_ amount: Amount, to bytes: inout [UInt8]) {
    amount.append(to: &bytes)
    if amount.units % 1_000_000_000_000 == 0 { bytes.append(literal: ".0") }
  }

  /// Puts what was written from a place on in quotes where it needs them.
  static func quote(from start: Int, in bytes: inout [UInt8]) {
    guard needsQuotes(bytes[start...]) else { return }
    let text = Array(bytes[start...])
    bytes.removeSubrange(start...)
    bytes.append(0x22)
    for byte in text {
      if byte == 0x22 { bytes.append(0x22) }
      bytes.append(byte)
    }
    bytes.append(0x22)
  }

  private static func needsQuotes(_ text: ArraySlice<UInt8>) -> Bool {
    text.first == 0x20 || text.last == 0x20
      || text.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
  }
}
