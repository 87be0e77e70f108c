public import Domain
public import Postgres

/// The columns of `daybook.events` in the order in which this room reads them, and how a row becomes an event.
public enum EventColumns {
  /// For a SELECT list with the table aliased `e`; the ledger is known to whoever asks.
  public static let list = """
    e.position, e.id, e.source, e.type, e.type_version, e.subject, e.sequence, e.occurred_at, e.recorded_at,
    e.actor, e.actor_kind, e.correlation_id, e.causation_id, e.traceparent,
    e.data, e.personal, e.salt, e.personal_hash, e.derived, e.payload_hash
    """

  /// How many `list` has.
  public static let count = 20

  /// As `list`, without the personal part: for readers that have no need of it.
  static let listWithoutPersons = list.replacing(
    "e.personal, e.salt", with: "NULL::jsonb AS personal, NULL::bytea AS salt")

  /// Reads one row selected with `list` as its first columns.
  ///
  /// - Precondition: `actor_kind` is one that the schema's check admits.
  public static func event(_ rows: Rows, _ row: Int, ledger: String, from column: Int = 0) -> RecordedEvent {
    guard let kind = ActorKind(rawValue: rows.string(row, column + 10)) else {
      preconditionFailure("the schema admits no other actor kinds")
    }
    return event(rows, row, kind, ledger: ledger, from: column)
  }

  private static func event(
    _ rows: Rows, _ row: Int, _ kind: ActorKind, ledger: String, from column: Int
  ) -> RecordedEvent {
    RecordedEvent(
      ledger: ledger,
      position: rows.int64(row, column),
      id: rows.string(row, column + 1),
      source: rows.string(row, column + 2),
      type: rows.string(row, column + 3),
      typeVersion: Int(rows.int64(row, column + 4)),
      subject: rows.string(row, column + 5),
      sequence: rows.int64(row, column + 6),
      occurredAt: Timestamp(microseconds: rows.timestamp(row, column + 7)),
      recordedAt: Timestamp(microseconds: rows.timestamp(row, column + 8)),
      actor: rows.string(row, column + 9),
      actorKind: kind,
      correlationID: rows.optionalString(row, column + 11),
      causationID: rows.optionalString(row, column + 12),
      traceparent: rows.optionalString(row, column + 13),
      data: rows.json(row, column + 14),
      personal: rows.optionalJSON(row, column + 15),
      salt: rows.optionalBytes(row, column + 16),
      personalHash: rows.optionalBytes(row, column + 17),
      derived: rows.optionalJSON(row, column + 18),
      payloadHash: rows.bytes(row, column + 19))
  }

  /// Reads all rows.
  public static func events(_ rows: Rows, ledger: String) -> [RecordedEvent] {
    (0..<rows.count).map { event(rows, $0, ledger: ledger) }
  }
}
