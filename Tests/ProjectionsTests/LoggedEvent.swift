import Domain
import Postgres

/// A row of the log as tests write it, straight into the table: books are tested without the writer.
struct LoggedEvent: Sendable {
  var type: String
  var subject: String
  var data: JSON
  var derived: JSON?
  var actor = "key1"
  var typeVersion = 1
}

/// Writes rows into one ledger, with gapless positions and recorded times one second apart.
final class LedgerScribe {
  static let start = Timestamp(rfc3339: "2026-03-01T00:00:00Z")!

  let ledger: String
  private let connection: Connection
  private(set) var head: Int64
  private var sequences: [String: Int64] = [:]

  init(_ connection: Connection, ledger: String = "main") throws {
    self.connection = connection
    self.ledger = ledger
    try connection.execute(
      "INSERT INTO daybook.ledgers (ledger_id) VALUES ($1) ON CONFLICT DO NOTHING", [.text(ledger)])
    head = 0
  }

  /// When the event at a position was recorded.
  static func recordedTime(_ position: Int64) -> Timestamp {
    Timestamp(microseconds: start.microseconds + position * 1_000_000)
  }

  /// Appends in one transaction, then notifies as the writer does.
  func append(_ events: [LoggedEvent]) throws {
    guard !events.isEmpty else { return }
    var subjects: [Int64] = []
    for event in events {
      sequences[event.subject, default: 0] += 1
      subjects.append(sequences[event.subject] ?? 0)
    }
    try connection.execute(
      """
      INSERT INTO daybook.events (
        ledger_id, position, id, source, type, type_version, subject, sequence, occurred_at, recorded_at, actor,
        actor_kind, data, derived, payload_hash
      )
      SELECT $1, $2 + n, 'e' || ($2 + n), '/test', type, version::integer, subject, sequence, at, at, actor, 'service', data,
        derived, decode(repeat('00', 32), 'hex')
      FROM unnest($3::text[], $4::text[], $5::bigint[], $6::text[], $7::jsonb[], $8::jsonb[], $9::timestamptz[],
          $10::bigint[])
        WITH ORDINALITY AS e (type, subject, sequence, actor, data, derived, at, version, n)
      """,
      [
        .text(ledger), .int64(head), .texts(events.map(\.type)), .texts(events.map(\.subject)), .int64s(subjects),
        .texts(events.map(\.actor)), .jsons(events.map(\.data.canonical)),
        .jsons(events.map { $0.derived?.canonical }),
        .timestamps((1...events.count).map { Self.recordedTime(head + Int64($0)).microseconds }),
        .int64s(events.map { Int64($0.typeVersion) }),
      ])
    head += Int64(events.count)
    try connection.notify("daybook_log", "\(ledger) \(head)")
  }
}
