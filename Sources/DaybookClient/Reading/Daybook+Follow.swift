internal import Domain

extension Daybook {
  /// The records behind a position, and then every new one as it is recorded; it ends only by cancellation or error.
  ///
  /// A lost or silent connection is made again from the last record that was handed out: none is missed and none comes
  /// twice. Where the reader falls behind by more than 4 MiB, the connection waits for it in the same way.
  public func follow(after: Int64 = 0) -> LiveFeed { LiveFeed(daybook: self, after: after) }
}

/// The log as it grows; see ``Daybook/follow(after:)``.
public struct LiveFeed: AsyncSequence, Sendable {
  let daybook: Daybook
  let after: Int64

  /// Begins behind the position.
  public func makeAsyncIterator() -> Iterator { Iterator(self) }

  /// Reads one record at a time.
  public struct Iterator: AsyncIteratorProtocol {
    private let daybook: Daybook
    private var stream: EventStream?
    private var failures = 0

    /// The last position that was handed out.
    public private(set) var position: Int64

    init(_ feed: LiveFeed) {
      daybook = feed.daybook
      position = feed.after
    }

    /// The next record, waiting for it.
    ///
    /// - Throws: ``DaybookError`` where asking again does not help (`unauthorised`, `forbidden`, `notFound`, `gap`, …);
    ///   `CancellationError`.
    public mutating func next() async throws -> LogRecord? {
      while true {
        do {
          if stream == nil { stream = try await connect() }
          while let event = try await stream?.next() {
            if let record = try accept(event) { return record }
          }
          // The server ended the stream: it is stopping, or lets another one take over.
          stream = nil
          try await pause(nil)
        } catch let error as DaybookError where error.isRetryable {
          stream = nil
          // Garbage may be a proxy's passing word; garbage again and again is not.
          if error.code == .malformedAnswer, failures >= 3 { throw error }
          try await pause(error.retryAfter)
        } catch {
          stream = nil
          throw error
        }
      }
    }

    private func connect() async throws -> EventStream {
      try await EventStream.open(
        daybook, "events/stream", query: [(name: "after", value: String(position))],
        lastEventID: position > 0 ? String(position) : nil, silence: daybook.configuration.feedSilence)
    }

    private mutating func accept(_ event: ServerSentEvent) throws -> LogRecord? {
      guard event.name == "record" else {
        failures = 0
        return nil
      }
      let record: LogRecord
      do {
        record = try LogRecord(JSONDocument(event.data, limits: JSONLimits(depth: Limits.answerDepth)).root)
      } catch let error as JSONFaults {
        throw DaybookError.malformed("a record of the feed is not JSON that this client reads", cause: error)
      }
      failures = 0
      guard record.position > position else { return nil }
      guard record.position == position + 1 else {
        throw DaybookError(.gap, "the feed went from position \(position) to \(record.position)")
      }
      position = record.position
      return record
    }

    private mutating func pause(_ retryAfter: Duration?) async throws {
      failures += 1
      let wait = daybook.configuration.retry.delay(
        before: failures + 1, retryAfter: retryAfter, fraction: .random(in: 0..<1))
      try await Task.sleep(for: wait)
    }
  }
}
