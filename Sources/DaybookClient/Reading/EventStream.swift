internal import Dispatch
internal import Synchronization

/// One connection to a `text/event-stream`, whose silence is watched.
struct EventStream {
  private let stream: TransportStream
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
    var opened = EventStream(stream: stream, silence: silence)
    guard stream.head.status == 200 else {
      var answer = stream.head
      while answer.body.count < 65_536, let piece = try await opened.nextPiece() { answer.body += piece }
      throw DaybookError(answer: answer)
    }
    guard stream.head.header("content-type")?.lowercased().hasPrefix("text/event-stream") == true else {
      throw DaybookError.malformed("the feed is no event stream")
    }
    return opened
  }

  private init(stream: TransportStream, silence: Duration) {
    self.stream = stream
    self.silence = silence
  }

  /// The next event; nil where the server ended the stream.
  ///
  /// - Throws: ``DaybookError`` with `timeout` where the server is silent for too long, or `connection`.
  mutating func next() async throws -> ServerSentEvent? {
    while place == waiting.count {
      guard let piece = try await nextPiece() else { return nil }
      waiting = try parser.feed(piece)
      place = 0
    }
    defer { place += 1 }
    return waiting[place]
  }

  /// True where the next event has been read already, so that asking for it does not wait.
  var hasMore: Bool { place < waiting.count }

  private mutating func nextPiece() async throws -> [UInt8]? {
    let isSilent = SilenceFlag()
    let stream = stream
    let alarm = DispatchWorkItem {
      isSilent.raise()
      stream.cancel()
    }
    DispatchQueue.global().asyncAfter(deadline: .now() + silence.seconds, execute: alarm)
    defer { alarm.cancel() }
    do {
      return try await stream.next()
    } catch  where isSilent.isRaised && !Task.isCancelled {
      throw DaybookError(.timeout, "the feed was silent for \(silence)", cause: error)
    }
  }
}

/// Tells a wait that was ended by silence from one that the caller cancelled.
private final class SilenceFlag: Sendable {
  private let raised = Mutex(false)

  var isRaised: Bool { raised.withLock { $0 } }

  func raise() { raised.withLock { $0 = true } }
}
