/// One file of a spool: a line that says whose it is, then frames.
struct SpoolSegment {
  let file: SpoolFile
  let number: UInt64
  /// Bytes that count; behind them nothing is read.
  var size: Int
  /// Events from `firstOffset` on.
  var events = 0
  /// How many of them are settled.
  var settled = 0
  /// Where the first frame that still counts begins.
  var firstOffset: Int
  /// How many events of that frame are settled already.
  var skippedInFrame = 0

  init(file: SpoolFile, number: UInt64, size: Int, firstOffset: Int) {
    self.file = file
    self.number = number
    self.size = size
    self.firstOffset = firstOffset
  }

  /// The first line of a segment.
  static func header(ledger: String) -> [UInt8] { Array("daybook-spool 1 \(ledger)\n".utf8) }

  static func path(_ folder: String, _ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return "\(folder)/\(String(repeating: "0", count: 16 - digits.count))\(digits).segment"
  }

  static func number(ofName name: String) -> UInt64? {
    guard name.hasSuffix(".segment"), name.utf8.count == 24 else { return nil }
    return UInt64(name.prefix(16), radix: 16)
  }

  /// Opens a segment that an earlier process left, checks all of it, and cuts off a torn tail.
  ///
  /// - Parameter settledThrough: How far this segment was delivered; nil where none of it was.
  /// - Returns: Nil where nothing was ever written to it; it is removed then.
  static func recover(
    _ path: String, number: UInt64, header: [UInt8], isLast: Bool, settledThrough: SpoolProgress?
  ) throws(DaybookError) -> SpoolSegment? {
    let file = try SpoolFile(path)
    let bytes = try file.read(at: 0, count: try file.size())
    guard bytes.starts(with: header) else {
      if isLast, header.starts(with: bytes) || bytes.allSatisfy({ $0 == 0 }) {
        try SpoolFile.remove(path)
        return nil
      }
      if bytes.starts(with: Array("daybook-spool 1 ".utf8)) {
        throw DaybookError(.configuration, "the spool \(path) belongs to another ledger")
      }
      throw DaybookError(.spoolCorrupt, "\(path) is damaged at byte 0")
    }
    var segment = SpoolSegment(file: file, number: number, size: header.count, firstOffset: header.count)
    var isPlaceFound = false
    scan: while true {
      switch SpoolFrame.find(in: bytes, at: segment.size) {
      case .frame(let events, let next):
        if let settledThrough, settledThrough.offset == UInt64(segment.size) {
          segment.begin(at: segment.size, skipping: Int(min(settledThrough.events, UInt64(events.count))))
          isPlaceFound = true
        }
        segment.events += events.count
        segment.size = next
      case .end: break scan
      case .torn where isLast:
        try file.truncate(to: segment.size)
        try file.synchronise()
        break scan
      case .torn, .corrupt:
        throw DaybookError(.spoolCorrupt, "\(path) is damaged at byte \(segment.size)")
      }
    }
    if !isPlaceFound, let settledThrough, settledThrough.offset == UInt64(segment.size) {
      segment.begin(at: segment.size, skipping: 0)
    }
    return segment
  }

  /// Forgets what was settled before a frame.
  private mutating func begin(at offset: Int, skipping skipped: Int) {
    events = 0
    settled = skipped
    firstOffset = offset
    skippedInFrame = skipped
  }

  /// The events of the frame at an offset, and where the next frame begins.
  func frame(at offset: Int) throws(DaybookError) -> (events: [[UInt8]], next: Int) {
    let head = try file.read(at: offset, count: SpoolFrame.headerBytes)
    if head.count == SpoolFrame.headerBytes {
      let length = Int(SpoolFrame.number(head, 4))
      if length <= size - offset - SpoolFrame.headerBytes {
        let bytes = try file.read(at: offset, count: SpoolFrame.headerBytes + length)
        if case .frame(let ranges, let next) = SpoolFrame.find(in: bytes, at: 0) {
          return (ranges.map { Array(bytes[$0]) }, offset + next)
        }
      }
    }
    throw DaybookError(.spoolCorrupt, "\(file.path) is damaged at byte \(offset)")
  }
}
