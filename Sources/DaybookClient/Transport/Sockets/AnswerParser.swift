/// Reads one HTTP/1.1 answer (RFC 9112) out of pieces of any size: pure.
struct AnswerParser {
  /// What a piece completed.
  enum Part: Equatable {
    case head(status: Int)
    case body([UInt8])
  }

  private enum State: Equatable {
    case head
    case fixed(Int)
    case chunkSize
    case chunk(Int)
    case chunkEnd
    case trailers
    case untilClose
    case done
  }

  private static let headBound = 64 << 10

  private var state = State.head
  private var line: [UInt8] = []
  /// Status and headers, once they have come.
  private(set) var head = TransportResponse(status: 0, headers: [], body: [])
  /// True where the connection may carry another request after this answer.
  private(set) var keepsAlive = true
  /// True after the last byte of the answer.
  var isDone: Bool { state == .done }

  /// Takes a piece.
  ///
  /// - Throws: ``DaybookError`` with `malformedAnswer`.
  mutating func feed(_ piece: ArraySlice<UInt8>) throws(DaybookError) -> [Part] {
    var parts: [Part] = []
    var rest = piece
    while let byte = rest.first {
      switch state {
      case .fixed(let left), .chunk(let left):
        let taken = rest.prefix(left)
        rest = rest.dropFirst(taken.count)
        parts.append(.body(Array(taken)))
        advance(left - taken.count)
      case .untilClose:
        parts.append(.body(Array(rest)))
        rest = []
      case .done:
        // Bytes behind the answer belong to no request of ours.
        keepsAlive = false
        return parts
      case .head, .chunkSize, .chunkEnd, .trailers:
        rest = rest.dropFirst()
        line.append(byte)
        guard line.count <= Self.headBound else {
          throw DaybookError.malformed("the head of the answer is too large")
        }
        if byte == 0x0A { try endLine(&parts) }
      }
    }
    return parts
  }

  /// The connection ended.
  ///
  /// - Throws: ``DaybookError`` with `connection` where the answer is not whole.
  mutating func finish() throws(DaybookError) {
    keepsAlive = false
    guard state == .done || state == .untilClose else {
      throw DaybookError(.connection, "the connection ended within the answer", outcomeIsUnknown: true)
    }
    state = .done
  }

  private mutating func advance(_ left: Int) {
    switch state {
    case .fixed: state = left == 0 ? .done : .fixed(left)
    case .chunk: state = left == 0 ? .chunkEnd : .chunk(left)
    default: break
    }
  }

  private mutating func endLine(_ parts: inout [Part]) throws(DaybookError) {
    switch state {
    case .head:
      // The head is kept whole until its empty line.
      guard line.count >= 2, line.suffix(2) == [0x0A, 0x0A] || line.suffix(4) == [0x0D, 0x0A, 0x0D, 0x0A] else {
        return
      }
      let text = String(decoding: line, as: UTF8.self)
      line = []
      try readHead(text, &parts)
    case .chunkSize:
      let text = takeLine()
      guard let size = Int(text.prefix { $0 != ";" }.filter { $0 != " " }, radix: 16), size >= 0 else {
        throw DaybookError.malformed("a chunk of the answer has no size")
      }
      state = size == 0 ? .trailers : .chunk(size)
    case .chunkEnd:
      guard takeLine().isEmpty else { throw DaybookError.malformed("a chunk of the answer does not end") }
      state = .chunkSize
    case .trailers: if takeLine().isEmpty { state = .done }
    default: break
    }
  }

  private mutating func takeLine() -> String {
    while let last = line.last, last == 0x0A || last == 0x0D { line.removeLast() }
    defer { line = [] }
    return String(decoding: line, as: UTF8.self)
  }

  private mutating func readHead(_ text: String, _ parts: inout [Part]) throws(DaybookError) {
    let lines = text.split(whereSeparator: \.isNewline)
    let words = lines.first?.split(separator: " ", maxSplits: 2) ?? []
    guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]), (100..<600).contains(status)
    else { throw DaybookError.malformed("the answer is not HTTP/1") }
    head = TransportResponse(status: status, headers: [], body: [])
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else {
        throw DaybookError.malformed("a header of the answer has no colon")
      }
      let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      head.headers.append((name: String(line[..<colon]), value: String(value)))
    }
    // 1xx says that the answer is still to come.
    if status < 200 { return }
    let connection = head.header("connection")?.lowercased() ?? ""
    keepsAlive = words[0] == "HTTP/1.1" && connection != "close"
    parts.append(.head(status: status))
    state = try bodyState(status)
  }

  private func bodyState(_ status: Int) throws(DaybookError) -> State {
    if status == 204 || status == 304 { return .done }
    if let coding = head.header("transfer-encoding")?.lowercased() {
      guard coding == "chunked" else { throw DaybookError.malformed("the answer's transfer coding is unknown") }
      return .chunkSize
    }
    guard let text = head.header("content-length") else { return .untilClose }
    guard let length = Int(text), length >= 0 else {
      throw DaybookError.malformed("the answer's length is no number")
    }
    return length == 0 ? .done : .fixed(length)
  }
}
