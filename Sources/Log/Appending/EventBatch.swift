public import Domain
public import Postgres

/// The new events of one commit, and the INSERT that binds them column by column.
public struct EventBatch: Sendable {
  /// In the order of their positions.
  public private(set) var events: [RecordedEvent] = []
  /// How many.
  public var count: Int { events.count }

  /// Empty.
  public init() {}

  /// Adds an event.
  public mutating func append(_ event: RecordedEvent) { events.append(event) }

  /// The INSERT of all rows.
  public func statement(ledger: String) -> Statement {
    Statement(
      Self.sql,
      [
        .text(ledger),
        .int64s(events.map(\.position)),
        .texts(events.map(\.id)),
        .texts(events.map(\.source)),
        .texts(events.map(\.type)),
        .int32s(events.map { Int32($0.typeVersion) }),
        .texts(events.map(\.subject)),
        .int64s(events.map(\.sequence)),
        .timestamps(events.map(\.occurredAt.microseconds)),
        .timestamps(events.map(\.recordedAt.microseconds)),
        .texts(events.map(\.actor)),
        .texts(events.map(\.actorKind.rawValue)),
        .texts(events.map(\.correlationID)),
        .texts(events.map(\.causationID)),
        .texts(events.map(\.traceparent)),
        .jsons(events.map(\.data)),
        .jsons(events.map(\.personal)),
        .bytesArray(events.map(\.salt)),
        .bytesArray(events.map(\.personalHash)),
        .jsons(events.map(\.derived)),
        .bytesArray(events.map(\.payloadHash)),
      ])
  }

  private static let sql = """
    INSERT INTO daybook.events (
      ledger_id, position, id, source, type, type_version, subject, sequence, occurred_at, recorded_at, actor, actor_kind,
      correlation_id, causation_id, traceparent, data, personal, salt, personal_hash, derived, payload_hash)
    SELECT $1, * FROM unnest(
      $2::bigint[], $3::text[], $4::text[], $5::text[], $6::int[], $7::text[], $8::bigint[], $9::timestamptz[],
      $10::timestamptz[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::jsonb[], $17::jsonb[],
      $18::bytea[], $19::bytea[], $20::jsonb[], $21::bytea[])
    """
}
