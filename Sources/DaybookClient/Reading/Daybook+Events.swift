internal import Domain

extension Daybook {
  /// Reads records in the order of the log.
  ///
  /// - Parameters:
  ///   - after: The position to begin behind; 0 for the first.
  ///   - limit: At most so many, 1 to 1,000.
  ///   - types: Only these types; all where it is empty.
  ///   - subject: Only this subject.
  /// - Throws: ``DaybookError``; `CancellationError`.
  public func events(
    after: Int64 = 0, limit: Int = 100, types: [String] = [], subject: String? = nil
  ) async throws -> RecordPage {
    var query = [(name: "after", value: String(after)), (name: "limit", value: String(limit))]
    for type in types { query.append((name: "type", value: type)) }
    if let subject { query.append((name: "subject", value: subject)) }
    return try RecordPage(try await send("GET", "events", query: query))
  }

  /// The record at a position.
  ///
  /// - Throws: ``DaybookError`` with `notFound` where the log is not that long.
  public func event(at position: Int64) async throws -> LogRecord {
    try LogRecord(try await send("GET", "events/\(position)").json())
  }

  /// All records behind a position up to the end of the log, read page by page as they are asked for.
  ///
  /// Memory stays at one page, however long the log is and however slow its reader.
  public func allEvents(after: Int64 = 0, types: [String] = [], subject: String? = nil) -> AllEvents {
    AllEvents(daybook: self, after: after, types: types, subject: subject)
  }
}

/// The records of a log up to its end; see ``Daybook/allEvents(after:types:subject:)``.
public struct AllEvents: AsyncSequence, Sendable {
  let daybook: Daybook
  let after: Int64
  let types: [String]
  let subject: String?

  /// Begins behind the position.
  public func makeAsyncIterator() -> Iterator { Iterator(self) }

  /// Reads page by page.
  public struct Iterator: AsyncIteratorProtocol {
    private let events: AllEvents
    private var after: Int64
    private var page: [LogRecord] = []
    private var place = 0
    private var isAtEnd = false

    init(_ events: AllEvents) {
      self.events = events
      after = events.after
    }

    /// The next record; nil at the end of the log.
    ///
    /// - Throws: ``DaybookError``; `CancellationError`.
    public mutating func next() async throws -> LogRecord? {
      while place == page.count {
        if isAtEnd { return nil }
        let answer = try await events.daybook.events(
          after: after, limit: Limits.pageRecords, types: events.types, subject: events.subject)
        page = answer.records
        place = 0
        if let next = answer.next {
          guard next > after else { throw DaybookError.malformed("the log's pages do not advance") }
          after = next
        } else {
          isAtEnd = true
        }
      }
      defer { place += 1 }
      return page[place]
    }
  }
}
