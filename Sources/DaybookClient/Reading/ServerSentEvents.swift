/// One event of a `text/event-stream`.
struct ServerSentEvent: Equatable, Sendable {
  /// The `event` field; `message` where there was none.
  var name = "message"
  /// The `data` lines, joined by line feeds.
  var data: [UInt8] = []
  /// The last `id` field of the stream so far.
  var id: String?
}

/// Reads server-sent events out of pieces of any size (WHATWG HTML, 9.2.6): pure.
struct ServerSentEventParser {
  private var line: [UInt8] = []
  private var name: [UInt8] = []
  private var data: [UInt8] = []
  private var hasData = false
  private var lastID: String?
  private var skipsLineFeed = false
  private var isAtStart = true
  private let bound: Int

  init(bound: Int = Limits.streamEventBytes) { self.bound = bound }

  /// Takes a piece and answers with the events that it completed.
  ///
  /// - Throws: ``DaybookError`` with `malformedAnswer` for an event beyond the bound.
  mutating func feed(_ piece: some Sequence<UInt8>) throws(DaybookError) -> [ServerSentEvent] {
    var events: [ServerSentEvent] = []
    for byte in piece {
      if skipsLineFeed {
        skipsLineFeed = false
        if byte == 0x0A { continue }
      }
      if byte == 0x0A || byte == 0x0D {
        skipsLineFeed = byte == 0x0D
        if let event = endLine() { events.append(event) }
        line.removeAll(keepingCapacity: true)
      } else {
        guard line.count + data.count < bound else {
          throw DaybookError.malformed("an event of the stream is too large")
        }
        line.append(byte)
      }
    }
    return events
  }

  private mutating func endLine() -> ServerSentEvent? {
    if isAtStart {
      isAtStart = false
      if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
    }
    guard let first = line.first else { return dispatch() }
    guard first != 0x3A else { return nil }
    let colon = line.firstIndex(of: 0x3A) ?? line.endIndex
    var value = line[min(colon + 1, line.endIndex)...]
    if value.first == 0x20 { value = value.dropFirst() }
    switch String(decoding: line[..<colon], as: UTF8.self) {
    case "event": name = Array(value)
    case "data":
      if hasData { data.append(0x0A) }
      hasData = true
      data.append(contentsOf: value)
    case "id":
      // The specification ignores ids that hold NUL.
      if !value.contains(0) { lastID = String(decoding: value, as: UTF8.self) }
    default: break
    }
    return nil
  }

  private mutating func dispatch() -> ServerSentEvent? {
    defer {
      name = []
      data = []
      hasData = false
    }
    guard hasData else { return nil }
    return ServerSentEvent(
      name: name.isEmpty ? "message" : String(decoding: name, as: UTF8.self), data: data, id: lastID)
  }
}
