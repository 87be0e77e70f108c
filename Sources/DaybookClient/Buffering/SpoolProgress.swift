/// How far a spool has been delivered. Losing it costs nothing but sending again what the ledger knows already.
struct SpoolProgress: Equatable {
  /// The segment's number.
  var segment: UInt64 = 0
  /// Where the frame of the first event that waits begins.
  var offset: UInt64 = 0
  /// How many events of that frame are settled.
  var events: UInt64 = 0

  static let bytes = 32

  var encoded: [UInt8] {
    var bytes = Array("DBP1".utf8)
    for number in [segment, offset, events] {
      SpoolFrame.append(UInt32(truncatingIfNeeded: number), to: &bytes)
      SpoolFrame.append(UInt32(truncatingIfNeeded: number >> 32), to: &bytes)
    }
    SpoolFrame.append(CRC32.checksum(bytes), to: &bytes)
    return bytes
  }

  init(segment: UInt64, offset: UInt64, events: UInt64) {
    self.segment = segment
    self.offset = offset
    self.events = events
  }

  /// Nil for anything but a whole record.
  init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.bytes, bytes.starts(with: Array("DBP1".utf8)),
      CRC32.checksum(bytes[..<28]) == SpoolFrame.number(bytes, 28)
    else { return nil }
    func number(_ place: Int) -> UInt64 {
      UInt64(SpoolFrame.number(bytes, place)) | UInt64(SpoolFrame.number(bytes, place + 4)) << 32
    }
    self.init(segment: number(4), offset: number(12), events: number(20))
  }
}
