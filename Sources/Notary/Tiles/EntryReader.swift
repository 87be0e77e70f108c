import Domain
import Integrity
import Postgres

/// Reads entries by the range of their positions: the envelope and the payload's hash, no payload.
struct EntryReader {
  let connection: Connection
  let ledger: String

  init(_ connection: Connection, _ ledger: String) {
    self.connection = connection
    self.ledger = ledger
  }

  private static let sql = """
    SELECT position, id, source, type, type_version, subject, sequence, occurred_at, recorded_at, actor, actor_kind,
      correlation_id, causation_id, traceparent, payload_hash
    FROM daybook.events
    WHERE ledger_id = $1 AND position > $2 AND position <= $3
    ORDER BY position
    """

  /// The statement that reads the entries behind `after` up to `upTo`.
  static func statement(_ ledger: String, after: Int64, upTo: Int64) -> Statement {
    Statement(sql, [.text(ledger), .int64(after), .int64(upTo)])
  }

  /// The entries behind `after` up to `upTo`, as far as they are there without a gap.
  func read(after: Int64, upTo: Int64, _ body: (_ position: Int64, _ entry: [UInt8]) throws -> Void) throws {
    let rows = try connection.execute(Self.sql, [.text(ledger), .int64(after), .int64(upTo)])
    try Self.read(rows, ledger, after: after, body)
  }

  /// Reads the answer of `statement`; stops at the first gap, and at a row that no event can be read from.
  static func read(
    _ rows: Rows, _ ledger: String, after: Int64, _ body: (_ position: Int64, _ entry: [UInt8]) throws -> Void
  ) rethrows {
    for row in 0..<rows.count {
      guard rows.int64(row, 0) == after + Int64(row) + 1, let event = event(rows, row, ledger),
        let entry = EventHash.checkedEntry(event)
      else { return }
      try body(event.position, entry)
    }
  }

  /// The leaf hashes of the entries behind `after` up to `upTo`, as far as they are there without a gap.
  func leafHashes(after: Int64, upTo: Int64) throws -> [[UInt8]] {
    var hashes: [[UInt8]] = []
    hashes.reserveCapacity(Int(max(0, upTo - after)))
    try read(after: after, upTo: upTo) { hashes.append(EventHash.leaf(entry: $1)) }
    return hashes
  }

  /// Columns that every event has a value in.
  private static let required = Array(0...10) + [14]

  /// nil where somebody changed the row behind the schema's back into what no writer would store.
  private static func event(_ rows: Rows, _ row: Int, _ ledger: String) -> RecordedEvent? {
    guard !required.contains(where: { rows.isNull(row, $0) }), let kind = ActorKind(rawValue: rows.string(row, 10))
    else { return nil }
    return RecordedEvent(
      ledger: ledger, position: rows.int64(row, 0), id: rows.string(row, 1), source: rows.string(row, 2),
      type: rows.string(row, 3), typeVersion: Int(rows.int64(row, 4)), subject: rows.string(row, 5),
      sequence: rows.int64(row, 6), occurredAt: Timestamp(microseconds: rows.timestamp(row, 7)),
      recordedAt: Timestamp(microseconds: rows.timestamp(row, 8)), actor: rows.string(row, 9), actorKind: kind,
      correlationID: rows.optionalString(row, 11), causationID: rows.optionalString(row, 12),
      traceparent: rows.optionalString(row, 13), data: [], payloadHash: rows.bytes(row, 14))
  }
}
