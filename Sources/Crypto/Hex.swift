/// Lower-case hexadecimal.
public enum Hex {
  /// Two digits a byte.
  public static func string(_ bytes: some Collection<UInt8>) -> String {
    let bytes = Array(bytes)
    return bytes.withUnsafeBytes { bytes in
      String(unsafeUninitializedCapacity: 2 * bytes.count) { digits in
        if let start = digits.baseAddress { write(bytes, to: start) }
        return 2 * bytes.count
      }
    }
  }

  /// Appends two digits a byte, for hot paths.
  public static func append(_ bytes: [UInt8], to text: inout [UInt8]) {
    bytes.withUnsafeBytes { append($0, to: &text) }
  }

  /// Appends two digits a byte of bytes that lie elsewhere.
  public static func append(_ bytes: UnsafeRawBufferPointer, to text: inout [UInt8]) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: max(1, 2 * bytes.count)) { digits in
      write(bytes, to: digits.baseAddress!)
      text.append(contentsOf: UnsafeBufferPointer(rebasing: digits[..<(2 * bytes.count)]))
    }
  }

  /// Writes two digits a byte to where there is room for them.
  public static func write(_ bytes: UnsafeRawBufferPointer, to digits: UnsafeMutablePointer<UInt8>) {
    let target = UnsafeMutableRawPointer(digits)
    var at = 0
    while at + 4 <= bytes.count {
      // Each of four bytes to a lane of sixteen bits, then its digits to the halves of the lane, the high one first.
      var lanes = UInt64(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self)))
      lanes = (lanes | lanes << 16) & 0x0000_FFFF_0000_FFFF
      lanes = (lanes | lanes << 8) & 0x00FF_00FF_00FF_00FF
      let values = (lanes >> 4 & 0x000F_000F_000F_000F) | (lanes & 0x000F_000F_000F_000F) << 8
      let letters = (values &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
      let text = values &+ 0x3030_3030_3030_3030 &+ letters &* 0x27
      target.storeBytes(of: text.littleEndian, toByteOffset: 2 * at, as: UInt64.self)
      at += 4
    }
    while at < bytes.count {
      digits[2 * at] = digit(bytes[at] >> 4)
      digits[2 * at + 1] = digit(bytes[at] & 0xF)
      at += 1
    }
  }

  /// Reads it; nil for anything but an even number of lower-case digits.
  public static func bytes(_ text: String) -> [UInt8]? {
    let digits = Array(text.utf8)
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count / 2)
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = value(digits[index]), let low = value(digits[index + 1]) else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 &+ value : 0x57 &+ value }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 0x30...0x39: digit - 0x30
    case 0x61...0x66: digit - 0x57
    default: nil
    }
  }
}
