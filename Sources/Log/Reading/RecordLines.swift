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

  /// Hands over the lines of the events that match, in order, some at a time and in constant memory, until `body`
  /// answers
  /// false.
  public func stream(
    _ filter: LogFilter, chunk: Int = 2000, _ body: (_ lines: [UInt8], _ events: Int, _ last: Int64) throws -> Bool
  ) throws {
    let (clause, parameters) = filter.clause(ledger: ledger)
    var lines: [UInt8] = []
    try connection.stream(
      "SELECT \(EventColumns.list) FROM daybook.events e WHERE \(clause) ORDER BY e.position", parameters,
      chunk: chunk
    ) { rows in
      lines.removeAll(keepingCapacity: true)
      for row in 0..<rows.count { append(rows, row, to: &lines) }
      return try body(lines, rows.count, rows.int64(rows.count - 1, 0))
    }
  }

  /// The lines of at most `limit` events that match.
  public func page(_ filter: LogFilter, limit: Int) throws(PostgresError) -> (
    lines: [UInt8], events: Int, last: Int64
  ) {
    let (clause, parameters) = filter.clause(ledger: ledger)
    let rows = try connection.execute(
      "SELECT \(EventColumns.list) FROM daybook.events e WHERE \(clause) ORDER BY e.position LIMIT \(limit)",
      parameters)
    var lines: [UInt8] = []
    for row in 0..<rows.count { append(rows, row, to: &lines) }
    return (lines, rows.count, rows.count == 0 ? filter.after : rows.int64(rows.count - 1, 0))
  }

  /// The columns stand in the order of `EventColumns.list`.
  private func append(_ rows: Rows, _ row: Int, to line: inout [UInt8]) {
    func text(_ name: StaticString, _ column: Int) {
      if rows.isNull(row, column) { return }
      line.append(literal: name)
      rows.withField(row, column) { JSONWriter.appendString(utf8: $0, to: &line) }
    }
    func json(_ name: StaticString, _ column: Int) {
      if rows.isNull(row, column) { return }
      line.append(literal: name)
      rows.withJSON(row, column) { line.append(contentsOf: $0) }
    }
    func hex(_ name: StaticString, _ column: Int) {
      if rows.isNull(row, column) { return }
      line.append(literal: name)
      for byte in rows.bytes(row, column) {
        for digit in [byte >> 4, byte & 15] { line.append(digit < 10 ? 0x30 + digit : 0x57 + digit) }
      }
      line.append(UInt8(ascii: "\""))
    }
    func number(_ name: StaticString, _ column: Int) {
      line.append(literal: name)
      JSONWriter.appendInteger(rows.int64(row, column), to: &line)
    }
    func time(_ name: StaticString, _ column: Int) {
      line.append(literal: name)
      Timestamp(microseconds: rows.timestamp(row, column)).append(to: &line)
      line.append(UInt8(ascii: "\""))
    }
    text("{\"actor\":", 9)
    text(",\"actorkind\":", 10)
    text(",\"causationid\":", 12)
    text(",\"correlationid\":", 11)
    json(",\"data\":", 14)
    json(",\"derived\":", 18)
    text(",\"id\":", 1)
    line.append(literal: ",\"ledger\":")
    JSONWriter.appendString(ledger, to: &line)
    hex(",\"payloadhash\":\"", 19)
    json(",\"personal\":", 15)
    hex(",\"personalhash\":\"", 17)
    number(",\"position\":", 0)
    time(",\"recordedtime\":\"", 8)
    hex(",\"salt\":\"", 16)
    number(",\"sequence\":", 6)
    text(",\"source\":", 2)
    text(",\"subject\":", 5)
    time(",\"time\":\"", 7)
    text(",\"traceparent\":", 13)
    text(",\"type\":", 3)
    number(",\"typeversion\":", 4)
    line.append(UInt8(ascii: "}"))
    line.append(0x0A)
  }
}

extension [UInt8] {
  fileprivate mutating func append(literal: StaticString) {
    append(contentsOf: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
  }
}
