public import Domain
public import Postgres

/// Reads the log of one ledger in order. Readers take no lock: positions are gapless in commit order, so what is below the
/// head that was seen is complete.
public struct LogReader {
  private let connection: Connection
  /// The ledger read.
  public let ledger: String

  /// Reads over a connection that the caller keeps to itself meanwhile.
  public init(_ connection: Connection, ledger: String) {
    self.connection = connection
    self.ledger = ledger
  }

  /// The last event's position and recorded time; position 0 and no time for an empty log.
  public func head() throws(PostgresError) -> LogHead {
    let rows = try connection.execute(
      """
      SELECT position, recorded_at FROM daybook.events
      WHERE ledger_id = $1 ORDER BY position DESC LIMIT 1
      """, [.text(ledger)])
    guard rows.count == 1 else { return LogHead(position: 0, recordedAt: nil) }
    return LogHead(
      position: rows.int64(0, 0), recordedAt: Timestamp(microseconds: rows.timestamp(0, 1)))
  }

  /// At most `limit` events that match, in order.
  public func page(_ filter: LogFilter, limit: Int) throws(PostgresError) -> [RecordedEvent] {
    let (clause, parameters) = filter.clause(ledger: ledger)
    let rows = try connection.execute(
      "SELECT \(EventColumns.list) FROM daybook.events e WHERE \(clause) ORDER BY e.position LIMIT \(limit)",
      parameters)
    return EventColumns.events(rows, ledger: ledger)
  }

  /// The event at a position.
  public func event(at position: Int64) throws(PostgresError) -> RecordedEvent? {
    var filter = LogFilter()
    filter.after = position - 1
    filter.upTo = position
    return try page(filter, limit: 1).first
  }

  /// The event of an identity.
  public func event(id: String, source: String) throws(PostgresError) -> RecordedEvent? {
    let rows = try connection.execute(
      "SELECT \(EventColumns.list) FROM daybook.events e WHERE e.ledger_id = $1 AND e.id = $2 AND e.source = $3",
      [.text(ledger), .text(id), .text(source)])
    return EventColumns.events(rows, ledger: ledger).first
  }

  /// Every event that matches, in order and in constant memory, a chunk at a time, until `body` answers false.
  public func stream(_ filter: LogFilter, chunk: Int = 1000, _ body: ([RecordedEvent]) throws -> Bool) throws {
    let (clause, parameters) = filter.clause(ledger: ledger)
    try connection.stream(
      "SELECT \(EventColumns.list) FROM daybook.events e WHERE \(clause) ORDER BY e.position", parameters,
      chunk: chunk
    ) { rows in
      try body(EventColumns.events(rows, ledger: ledger))
    }
  }

  /// The largest position recorded at or before a moment; 0 where there is none.
  ///
  /// Recorded times never fall along the log, so a binary search over positions finds it without an index on time.
  public func position(at moment: Timestamp) throws(PostgresError) -> Int64 {
    var (low, high) = (Int64(0), try head().position)
    while low < high {
      let middle = low + (high - low + 1) / 2
      let rows = try connection.execute(
        "SELECT recorded_at FROM daybook.events WHERE ledger_id = $1 AND position = $2",
        [.text(ledger), .int64(middle)])
      precondition(rows.count == 1, "positions below the head are gapless")
      if rows.timestamp(0, 0) <= moment.microseconds { low = middle } else { high = middle - 1 }
    }
    return low
  }
}

/// How far a log has come.
public struct LogHead: Sendable, Equatable {
  /// The last position; 0 for an empty log.
  public var position: Int64
  /// When the last event was recorded.
  public var recordedAt: Timestamp?
  /// Makes a head.
  public init(position: Int64, recordedAt: Timestamp?) {
    self.position = position
    self.recordedAt = recordedAt
  }
}
