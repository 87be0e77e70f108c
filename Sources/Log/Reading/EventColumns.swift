public import Domain
public import Postgres

/// The columns of `daybook.events` in the order in which this room reads them, and how a row becomes an event.
public enum EventColumns {
  private static let names = [
    "position", "id", "source", "type", "type_version", "subject", "sequence", "occurred_at", "recorded_at", "actor",
    "actor_kind", "correlation_id", "causation_id", "traceparent", "data", "personal", "salt", "personal_hash",
    "derived", "payload_hash",
  ]

  /// int8.
  @inlinable public static var position: Int { 0 }
  /// text.
  @inlinable public static var id: Int { 1 }
  /// text.
  @inlinable public static var source: Int { 2 }
  /// text.
  @inlinable public static var type: Int { 3 }
  /// int4.
  @inlinable public static var typeVersion: Int { 4 }
  /// text.
  @inlinable public static var subject: Int { 5 }
  /// int8.
  @inlinable public static var sequence: Int { 6 }
  /// timestamptz.
  @inlinable public static var occurredAt: Int { 7 }
  /// timestamptz.
  @inlinable public static var recordedAt: Int { 8 }
  /// text.
  @inlinable public static var actor: Int { 9 }
  /// text, the raw value of an `ActorKind`.
  @inlinable public static var actorKind: Int { 10 }
  /// text or NULL.
  @inlinable public static var correlationID: Int { 11 }
  /// text or NULL.
  @inlinable public static var causationID: Int { 12 }
  /// text or NULL.
  @inlinable public static var traceparent: Int { 13 }
  /// jsonb.
  @inlinable public static var data: Int { 14 }
  /// jsonb; NULL where there is no personal part, or no more.
  @inlinable public static var personal: Int { 15 }
  /// bytea; NULL as `personal` is.
  @inlinable public static var salt: Int { 16 }
  /// bytea; NULL where there never was a personal part.
  @inlinable public static var personalHash: Int { 17 }
  /// jsonb or NULL.
  @inlinable public static var derived: Int { 18 }
  /// bytea.
  @inlinable public static var payloadHash: Int { 19 }
  /// How many there are.
  @inlinable public static var count: Int { 20 }

  /// For a SELECT list with the table aliased `e`; the ledger is known to whoever asks.
  public static let list = list(without: [])

  /// As `list`, without the personal part: for readers that have no need of it.
  static let listWithoutPersons = list(without: [personal, salt])

  /// As `list`, of what entries are made of alone: no payload is read.
  static let listOfEntries = list(without: [data, personal, salt, personalHash, derived])

  private static func list(without left: Set<Int>) -> String {
    names.enumerated().map { left.contains($0) ? "NULL AS \($1)" : "e.\($1)" }.joined(separator: ", ")
  }

  /// Copies the rows that match, as `CopiedRows` take them in. A copy takes no parameters: texts are quoted.
  static func copy(
    _ list: String, _ filter: LogFilter, ledger: String, limit: Int? = nil, on connection: Connection
  ) throws(PostgresError) -> String {
    """
    COPY (
      SELECT \(list) FROM daybook.events e
      WHERE \(try filter.clause(ledger: ledger, on: connection)) ORDER BY e.position
      \(limit.map { "LIMIT \($0)" } ?? "")
    ) TO STDOUT (FORMAT binary)
    """
  }

  /// Numbers of `pg_type`.
  private static let text: Set<UInt32> = [25, 1043]
  private static let types: [Set<UInt32>] = [
    [20], text, text, text, [23], text, [20], [1184], [1184], text, text, text, text, text, [3802], [3802], [17],
    [17], [3802], [17],
  ]

  /// Values are read as what they are: a table that was rebuilt with other types cannot be, and is not the schema's.
  ///
  /// Once a transaction: who has read a table keeps others from changing its columns until the transaction ends.
  ///
  /// - Throws: `LogError.corrupt`; what Postgres answers.
  public static func check(_ connection: Connection) throws {
    let rows = try connection.execute("SELECT \(list) FROM daybook.events e LIMIT 0", isPrepared: false)
    for (column, type) in rows.columnTypes.enumerated() where !types[column].contains(type) {
      throw LogError(.corrupt, "the column \(names[column]) of daybook.events is not of the schema's type")
    }
  }

  /// Reads one row selected with `list` as its first columns.
  ///
  /// - Precondition: `actor_kind` is one that the schema's check admits.
  public static func event(_ rows: Rows, _ row: Int, ledger: String, from column: Int = 0) -> RecordedEvent {
    guard let kind = ActorKind(rawValue: rows.string(row, column + actorKind)) else {
      preconditionFailure("the schema admits no other actor kinds")
    }
    return event(rows, row, kind, ledger: ledger, from: column)
  }

  private static func event(
    _ rows: Rows, _ row: Int, _ kind: ActorKind, ledger: String, from column: Int
  ) -> RecordedEvent {
    RecordedEvent(
      ledger: ledger,
      position: rows.int64(row, column + position),
      id: rows.string(row, column + id),
      source: rows.string(row, column + source),
      type: rows.string(row, column + type),
      typeVersion: Int(rows.int64(row, column + typeVersion)),
      subject: rows.string(row, column + subject),
      sequence: rows.int64(row, column + sequence),
      occurredAt: Timestamp(microseconds: rows.timestamp(row, column + occurredAt)),
      recordedAt: Timestamp(microseconds: rows.timestamp(row, column + recordedAt)),
      actor: rows.string(row, column + actor),
      actorKind: kind,
      correlationID: rows.optionalString(row, column + correlationID),
      causationID: rows.optionalString(row, column + causationID),
      traceparent: rows.optionalString(row, column + traceparent),
      data: rows.json(row, column + data),
      personal: rows.optionalJSON(row, column + personal),
      salt: rows.optionalBytes(row, column + salt),
      personalHash: rows.optionalBytes(row, column + personalHash),
      derived: rows.optionalJSON(row, column + derived),
      payloadHash: rows.bytes(row, column + payloadHash))
  }

  /// Reads all rows.
  public static func events(_ rows: Rows, ledger: String) -> [RecordedEvent] {
    (0..<rows.count).map { event(rows, $0, ledger: ledger) }
  }
}
