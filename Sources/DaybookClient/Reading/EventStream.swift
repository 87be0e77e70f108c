/// One connection to a `text/event-stream`, whose silence is watched.
struct EventStream {
  private let stream: WatchedStream
  private let silence: Duration
  private var parser = ServerSentEventParser()
  private var waiting: [ServerSentEvent] = []
  private var place = 0

  /// Connects; `silence` also bounds the wait for the head.
  ///
  /// - Throws: ``DaybookError``; `CancellationError`.
  static func open(
    _ daybook: Daybook, _ path: String, query: [(name: String, value: String)] = [],
    lastEventID: String? = nil, silence: Duration
  ) async throws -> EventStream {
    var headers = [
      daybook.authorisation, (name: "Accept", value: "text/event-stream"),
      (name: "Cache-Control", value: "no-store"),
    ]
    if let lastEventID { headers.append((name: "Last-Event-ID", value: lastEventID)) }
    let stream = try await daybook.transport.open(
      TransportRequest(
        method: "GET", url: daybook.address(path, query), headers: headers, timeout: silence))
    let opened = EventStream(stream: stream, silence: silence)
    guard stream.head.status == 200 else {
      var answer = stream.head
      while answer.body.count < 65_536, let piece = try await opened.stream.next(within: silence) {
        answer.body += piece
      }
      throw DaybookError(answer: answer)
    }
    guard stream.head.header("content-type")?.lowercased().hasPrefix("text/event-stream") == true else {
      throw DaybookError.malformed("the feed is no event stream")
    }
    return opened
  }

  private init(stream: TransportStream, silence: Duration) {
    self.stream = WatchedStream(stream: stream)
    self.silence = silence
  }

  /// The next event; nil where the server ended the stream.
  ///
  /// - Throws: ``DaybookError`` with `timeout` where the server is silent for too long, or `connection`.
  mutating func next() async throws -> ServerSentEvent? {
    while place == waiting.count {
      guard let piece = try await stream.next(within: silence) else { return nil }
      waiting = try parser.feed(piece)
      place = 0
    }
    defer { place += 1 }
    return waiting[place]
  }

  /// True where the next event has been read already, so that asking for it does not wait.
  var hasMore: Bool { place < waiting.count }
}
