import Postgres
import TestKit
import Testing

@Suite struct AppendOnlyTests {
  /// One event; `position` is also its sequence, so that many can follow.
  static func insert(
    _ position: Int64, type: String = "completion.recorded", data: String = "{}", isPersonal: Bool = false,
    on connection: Connection
  ) throws {
    try connection.execute(
      """
      INSERT INTO daybook.events (ledger_id, position, id, source, type, type_version, subject, sequence, occurred_at,
        recorded_at, actor, actor_kind, data, personal, salt, personal_hash, payload_hash)
      VALUES ('main', $1, 'id-' || $1, '/test', $2, 1, 'call/x', $1, now(), now(), 'key', 'service', $3,
        CASE WHEN $4 THEN '{"/user": "ada"}'::jsonb END, CASE WHEN $4 THEN repeat('s', 16)::bytea END,
        CASE WHEN $4 THEN sha256('p') END, sha256('x'))
      """,
      [.int64(position), .text(type), .json(Array(data.utf8)), .boolean(isPersonal)])
  }

  private static let changes =
    [
      "ledgers", "seals", "control_snapshots", "schema_migrations", "persons", "events", "checkpoint_series",
      "checkpoints", "cosignatures", "tiles", "halts", "halt_ends",
    ].flatMap { table in
      ["TRUNCATE daybook.\(table)", "TRUNCATE daybook.\(table) CASCADE"]
        + (table == "persons" ? [] : ["DELETE FROM daybook.\(table)"])
    } + [
      "UPDATE daybook.ledgers SET created_at = now()",
      "UPDATE daybook.seals SET root = edge",
      "UPDATE daybook.control_snapshots SET digest = digest",
      "UPDATE daybook.checkpoints SET root = root",
      "UPDATE daybook.cosignatures SET line = line",
      "UPDATE daybook.tiles SET root = root",
      "UPDATE daybook.halts SET stops_appends = false",
      "UPDATE daybook.schema_migrations SET name = 'x'",
      "UPDATE daybook.persons SET token = token",
      "UPDATE daybook.events SET data = '{}'",
      "UPDATE daybook.events SET data = data",
      "UPDATE daybook.events SET personal = NULL, salt = NULL",
    ]

  @Test(arguments: ["origin", "replica"])
  func `the superuser cannot change or remove what was written`(replicationRole: String) async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      try Self.insert(1, isPersonal: true, on: connection)
      try connection.script("SET session_replication_role = \(replicationRole)")
      for change in Self.changes {
        let error = #expect(throws: PostgresError.self, "\(change)") { try connection.execute(change) }
        #expect(error?.sqlState == "DB001", "\(change)")
      }
      let count = try connection.execute("SELECT count(*) FROM daybook.events WHERE personal IS NOT NULL").int64(0, 0)
      #expect(count == 1)
    }
  }

  private static let erase = "UPDATE daybook.events SET personal = NULL, salt = NULL WHERE position = 1"

  @Test func `a personal part that a later erasure names can be emptied, once and again`() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      try Self.insert(1, isPersonal: true, on: connection)
      try Self.insert(2, type: "payload.erased", data: #"{"positions": [1, 7]}"#, on: connection)
      for _ in 1...2 { #expect(try connection.execute(Self.erase).affected == 1) }
      let row = try connection.execute("SELECT personal, salt, personal_hash FROM daybook.events WHERE position = 1")
      #expect(row.isNull(0, 0) && row.isNull(0, 1) && !row.isNull(0, 2))
    }
  }

  private static let beyondErasure = [
    "UPDATE daybook.events SET personal = NULL, salt = NULL, personal_hash = NULL WHERE position = 1",
    "UPDATE daybook.events SET personal = NULL, salt = NULL, data = '{\"a\": 1.0}' WHERE position = 1",
    "UPDATE daybook.events SET personal = NULL, salt = NULL, position = 9 WHERE position = 1",
    "UPDATE daybook.events SET personal = '{}' WHERE position = 1",
    "UPDATE daybook.events SET personal = NULL, salt = NULL WHERE position = 3",
    "UPDATE daybook.events SET personal = NULL, salt = NULL",
    "DELETE FROM daybook.events WHERE position = 1",
  ]

  @Test func `an erasure lets nothing else pass`() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      try Self.insert(1, data: #"{"a": 1}"#, isPersonal: true, on: connection)
      try Self.insert(2, type: "payload.erased", data: #"{"positions": [1]}"#, on: connection)
      try Self.insert(3, isPersonal: true, on: connection)
      for change in Self.beyondErasure {
        let error = #expect(throws: PostgresError.self, "\(change)") { try connection.execute(change) }
        #expect(error?.sqlState == "DB001", "\(change)")
      }
    }
  }

  @Test(arguments: [
    ("completion.recorded", #"{"positions": [1]}"#), ("payload.erased", #"{"positions": [2]}"#),
    ("payload.erased", #"{"positions": "1"}"#), ("payload.erased", #"{"other": [1]}"#),
  ])
  func `an erasure counts only as a payload.erased that names the position`(
    type: String, data: String
  ) async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      try Self.insert(1, isPersonal: true, on: connection)
      try Self.insert(2, type: type, data: data, on: connection)
      let error = #expect(throws: PostgresError.self) { try connection.execute(Self.erase) }
      #expect(error?.sqlState == "DB001")
    }
  }
}
