/// Takes a canonical JSON text apart: its leaves (texts and numbers), and its shape, which is all the rest.
enum ShapeSplitter {
  /// Stands in a shape where a leaf was; no JSON text holds it.
  static let hole: UInt8 = 0

  /// - Parameter text: RFC 8785 form: no white space, so that a text is a key exactly where a colon follows.
  static func split(_ text: [UInt8], shape: inout [UInt8], leaves: inout [Range<Int>]) {
    text.withUnsafeBufferPointer { bytes in
      var at = 0
      while at < bytes.count {
        let start = at
        switch bytes[at] {
        case UInt8(ascii: "\""):
          at += 1
          while bytes[at] != UInt8(ascii: "\"") { at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1 }
          at += 1
          if at < bytes.count && bytes[at] == UInt8(ascii: ":") {
            shape.append(contentsOf: bytes[start..<at])
            continue
          }
        case UInt8(ascii: "-"), 0x30...0x39:
          repeat { at += 1 } while at < bytes.count && bytes[at] &- 0x30 <= 9
        default:
          shape.append(bytes[at])
          at += 1
          continue
        }
        shape.append(hole)
        leaves.append(start..<at)
      }
    }
  }
}
