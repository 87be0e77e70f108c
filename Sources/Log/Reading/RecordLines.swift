import Domain
public import Postgres

/// Streams events as lines of JSON with everything that their hashes are made of, as an export has them.
///
/// A line is `{"actor", "actorkind", "causationid"?, "correlationid"?, "data", "derived"?, "id", "ledger",
/// "payloadhash",
/// "personal"?, "personalhash"?, "position", "recordedtime", "salt"?, "sequence", "source", "subject", "time",
/// "traceparent"?,
/// "type", "typeversion"}`; `data`, `derived` and `personal` stand in Postgres's spelling, which was never parsed.
public struct RecordLines {
  private let connection: Connection
  private let ledger: String

  /// Reads over a connection that the caller keeps to itself meanwhile.
  public init(_ connection: Connection, ledger: String) {
    self.connection = connection
    self.ledger = ledger
  }

  /// Hands over the lines of the events that match, in order, some at a time and in constant memory, while Postgres makes the
  /// next; `body` must not use the connection.
  public func stream(
    _ filter: LogFilter, _ body: (_ lines: [UInt8], _ events: Int, _ last: Int64) throws -> Void
  ) throws {
    let lines = CanonicalBuffer(capacity: 1 << 17)
    try connection.copyOut(copy(filter, ""), by: CopiedRows(columns: EventColumns.count)) { rows in
      let (events, last) = try write(rows, lines)
      if events > 0 { try body(Array(lines.bytes), events, last) }
    }
  }

  /// The lines of at most `limit` events that match.
  public func page(_ filter: LogFilter, limit: Int) throws(PostgresError) -> (
    lines: [UInt8], events: Int, last: Int64
  ) {
    let rows = CopiedRows(columns: EventColumns.count)
    try connection.copyOut(copy(filter, "LIMIT \(limit)"), into: rows)
    let lines = CanonicalBuffer(capacity: 1 << 17)
    let (events, last) = try write(rows, lines)
    return (Array(lines.bytes), events, events == 0 ? filter.after : last)
  }

  private func copy(_ filter: LogFilter, _ limit: String) throws(PostgresError) -> String {
    """
    COPY (
      SELECT \(EventColumns.list) FROM daybook.events e
      WHERE \(try filter.clause(ledger: ledger, on: connection)) ORDER BY e.position \(limit)
    ) TO STDOUT (FORMAT binary)
    """
  }

  private func write(_ rows: CopiedRows, _ lines: CanonicalBuffer) throws(PostgresError) -> (events: Int, last: Int64)
  {
    lines.clear()
    let writer = EventRowWriter(rows, lines, ledger: ledger)
    var (events, last) = (0, Int64(0))
    while try rows.next() {
      writer.writeLine()
      events += 1
      last = rows.int64(0)
    }
    return (events, last)
  }
}
