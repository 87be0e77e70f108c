/// The unit that is written and made durable at once: events that were added together. Pure.
///
/// Sixteen bytes of header, all little-endian: the mark `DBF1`, the payload's length, the payload's CRC-32, and the CRC-32
/// of these twelve bytes; then the payload: each event's length in four bytes and its bytes. Only the last frame of a
/// spool can be torn, because a frame is written after the one before it is durable.
enum SpoolFrame {
  static let headerBytes = 16
  private static let mark: [UInt8] = Array("DBF1".utf8)

  /// What stands at a place of a segment.
  enum Finding: Equatable {
    /// A whole frame: where its events lie and where the next frame begins.
    case frame(events: [Range<Int>], next: Int)
    /// Nothing: the segment ends here.
    case end
    /// The rest is no whole frame, and no whole frame follows it: a write that was cut off.
    case torn
    /// The rest is no whole frame, yet whole frames follow: something else wrote here.
    case corrupt
  }

  /// The frame of some events.
  static func encode(_ events: some Collection<[UInt8]>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(headerBytes + events.reduce(0) { $0 + $1.count + 4 })
    bytes.append(contentsOf: repeatElement(0, count: headerBytes))
    for event in events {
      append(UInt32(event.count), to: &bytes)
      bytes.append(contentsOf: event)
    }
    var header = mark
    append(UInt32(bytes.count - headerBytes), to: &header)
    append(CRC32.checksum(bytes[headerBytes...]), to: &header)
    append(CRC32.checksum(header), to: &header)
    bytes.replaceSubrange(0..<headerBytes, with: header)
    return bytes
  }

  /// Reads what stands at `offset` of a segment's bytes.
  static func find(in bytes: [UInt8], at offset: Int) -> Finding {
    if offset == bytes.count { return .end }
    if let frame = frame(in: bytes, at: offset) { return frame }
    return hasFrame(in: bytes, behind: offset) ? .corrupt : .torn
  }

  private static func frame(in bytes: [UInt8], at offset: Int) -> Finding? {
    guard let length = payloadLength(in: bytes, at: offset) else { return nil }
    let start = offset + headerBytes
    guard length <= bytes.count - start else { return nil }
    let payload = bytes[start..<start + length]
    guard CRC32.checksum(payload) == number(bytes, offset + 8) else { return nil }
    var events: [Range<Int>] = []
    var place = start
    while place < payload.endIndex {
      guard payload.endIndex - place >= 4 else { return nil }
      let size = Int(number(bytes, place))
      guard size <= payload.endIndex - place - 4 else { return nil }
      events.append(place + 4..<place + 4 + size)
      place += 4 + size
    }
    return .frame(events: events, next: payload.endIndex)
  }

  private static func payloadLength(in bytes: [UInt8], at offset: Int) -> Int? {
    guard bytes.count - offset >= headerBytes, bytes[offset] == mark[0], bytes[offset + 1] == mark[1],
      bytes[offset + 2] == mark[2], bytes[offset + 3] == mark[3],
      CRC32.checksum(bytes[offset..<offset + 12]) == number(bytes, offset + 12)
    else { return nil }
    return Int(number(bytes, offset + 4))
  }

  private static func hasFrame(in bytes: [UInt8], behind offset: Int) -> Bool {
    var place = offset + 1
    while place <= bytes.count - headerBytes {
      if bytes[place] == mark[0], frame(in: bytes, at: place) != nil { return true }
      place += 1
    }
    return false
  }

  static func append(_ value: UInt32, to bytes: inout [UInt8]) {
    for shift in [0, 8, 16, 24] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
  }

  static func number(_ bytes: [UInt8], _ place: Int) -> UInt32 {
    UInt32(bytes[place]) | UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2]) << 16
      | UInt32(bytes[place + 3]) << 24
  }
}
