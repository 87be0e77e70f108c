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

  /// The INSERT of the rows from `first` on.
  public func statement(ledger: String, from first: Int = 0) -> Statement {
    let events = events[first...]
    return Statement(
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

  /// The arrays are unnested side by side in the SELECT list, where they are walked row by row: in FROM each of them
  /// would be copied into a tuple store of its own first.
  private static let sql = """
    INSERT INTO daybook.events (
      ledger_id, position, id, source, type, type_version, subject, sequence, occurred_at, recorded_at, actor, actor_kind,
      correlation_id, causation_id, traceparent, data, personal, salt, personal_hash, derived, payload_hash)
    SELECT
      $1, unnest($2::bigint[]), unnest($3::text[]), unnest($4::text[]), unnest($5::text[]), unnest($6::int[]),
      unnest($7::text[]), unnest($8::bigint[]), unnest($9::timestamptz[]), unnest($10::timestamptz[]),
      unnest($11::text[]), unnest($12::text[]), unnest($13::text[]), unnest($14::text[]), unnest($15::text[]),
      unnest($16::jsonb[]), unnest($17::jsonb[]), unnest($18::bytea[]), unnest($19::bytea[]), unnest($20::jsonb[]),
      unnest($21::bytea[])
    """
}
