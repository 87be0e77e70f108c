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
  private let reading: RangedReading

  /// Reads over a connection that the caller keeps to itself meanwhile, and those that `reading` adds.
  public init(_ connection: Connection, ledger: String, reading: RangedReading = .init()) {
    self.connection = connection
    self.ledger = ledger
    self.reading = reading
  }

  /// Hands over the lines of the events that match, in order, some at a time and in constant memory, from one snapshot of the
  /// log; `body` must not use the connection.
  public func stream(
    _ filter: LogFilter, _ body: (_ lines: [UInt8], _ events: Int, _ last: Int64) throws -> Void
  ) throws {
    // A few events of many are found quicker by an index than range by range.
    guard filter.isByPositionOnly else { return try streamMatching(filter, body) }
    try connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    defer { _ = try? connection.execute("ROLLBACK") }
    let head = try LogReader(connection, ledger: ledger).head().position
    try reading.read(
      connection, ledger: ledger, after: filter.after, upTo: min(filter.upTo ?? head, head),
      by: { [ledger] connection in
        let rows = CopiedRows(columns: EventColumns.count)
        let lines = CanonicalBuffer(capacity: 1 << 20)
        return { range in
          var part = filter
          (part.after, part.upTo) = (range.after, range.upTo)
          lines.clear()
          var (events, last) = (0, Int64(0))
          try connection.copyOut(EventColumns.copy(EventColumns.list, part, ledger: ledger, on: connection), by: rows)
          { rows in
            let (more, lastOfThem) = try Self.write(rows, lines, ledger)
            if more > 0 { (events, last) = (events + more, lastOfThem) }
          }
          return events > 0 ? (Array(lines.bytes), events, last) : nil
        }
      }
    ) { lines, events, last in try body(lines, events, last) }
  }

  private func streamMatching(
    _ filter: LogFilter, _ body: (_ lines: [UInt8], _ events: Int, _ last: Int64) throws -> Void
  ) throws {
    let lines = CanonicalBuffer(capacity: 1 << 17)
    let rows = CopiedRows(columns: EventColumns.count)
    try connection.copyOut(EventColumns.copy(EventColumns.list, filter, ledger: ledger, on: connection), by: rows) {
      rows in
      lines.clear()
      let (events, last) = try Self.write(rows, lines, ledger)
      if events > 0 { try body(Array(lines.bytes), events, last) }
    }
  }

  /// The lines of at most `limit` events that match.
  public func page(_ filter: LogFilter, limit: Int) throws(PostgresError) -> (
    lines: [UInt8], events: Int, last: Int64
  ) {
    let rows = CopiedRows(columns: EventColumns.count)
    try connection.copyOut(
      EventColumns.copy(EventColumns.list, filter, ledger: ledger, limit: limit, on: connection), into: rows)
    let lines = CanonicalBuffer(capacity: 1 << 17)
    let (events, last) = try Self.write(rows, lines, ledger)
    return (Array(lines.bytes), events, events == 0 ? filter.after : last)
  }

  private static func write(
    _ rows: CopiedRows, _ lines: CanonicalBuffer, _ ledger: String
  ) throws(PostgresError) -> (events: Int, last: Int64) {
    let writer = EventRowWriter(rows, lines, ledger: ledger)
    var (events, last) = (0, Int64(0))
    while try rows.next() {
      writer.writeLine()
      events += 1
      last = rows.int64(EventColumns.position)
    }
    return (events, last)
  }
}
