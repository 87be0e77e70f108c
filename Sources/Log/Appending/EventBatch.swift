public import Domain
public import Postgres

/// The new events of one commit, column by column, as the INSERT binds them.
public struct EventBatch: Sendable {
  /// Rows gathered so far.
  public private(set) var count = 0
  private var positions: [Int64?] = []
  private var ids: [String?] = []
  private var sources: [String?] = []
  private var types: [String?] = []
  private var typeVersions: [Int32?] = []
  private var subjects: [String?] = []
  private var sequences: [Int64?] = []
  private var occurred: [Int64?] = []
  private var recorded: [Int64?] = []
  private var actors: [String?] = []
  private var actorKinds: [String?] = []
  private var correlations: [String?] = []
  private var causations: [String?] = []
  private var traceparents: [String?] = []
  private var datas: [[UInt8]?] = []
  private var personals: [[UInt8]?] = []
  private var salts: [[UInt8]?] = []
  private var personalHashes: [[UInt8]?] = []
  private var deriveds: [[UInt8]?] = []
  private var payloadHashes: [[UInt8]?] = []

  /// Empty.
  public init() {}

  /// Adds an event.
  public mutating func append(_ event: RecordedEvent) {
    count += 1
    positions.append(event.position)
    ids.append(event.id)
    sources.append(event.source)
    types.append(event.type)
    typeVersions.append(Int32(event.typeVersion))
    subjects.append(event.subject)
    sequences.append(event.sequence)
    occurred.append(event.occurredAt.microseconds)
    recorded.append(event.recordedAt.microseconds)
    actors.append(event.actor)
    actorKinds.append(event.actorKind.rawValue)
    correlations.append(event.correlationID)
    causations.append(event.causationID)
    traceparents.append(event.traceparent)
    datas.append(event.data)
    personals.append(event.personal)
    salts.append(event.salt)
    personalHashes.append(event.personalHash)
    deriveds.append(event.derived)
    payloadHashes.append(event.payloadHash)
  }

  /// The INSERT of all rows.
  public func statement(ledger: String) -> Statement {
    Statement(
      Self.sql,
      [
        .text(ledger), .int64s(positions), .texts(ids), .texts(sources), .texts(types), .int32s(typeVersions),
        .texts(subjects), .int64s(sequences), .timestamps(occurred), .timestamps(recorded), .texts(actors),
        .texts(actorKinds), .texts(correlations), .texts(causations), .texts(traceparents), .jsons(datas),
        .jsons(personals), .bytesArray(salts), .bytesArray(personalHashes), .jsons(deriveds),
        .bytesArray(payloadHashes),
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
