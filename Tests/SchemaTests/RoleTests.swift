import Postgres
import TestKit
import Testing

@Suite struct RoleTests {
  private static let denied: [(role: String, sql: String)] = [
    ("daybook_writer", "UPDATE daybook.events SET data = '{}'"),
    ("daybook_writer", "DELETE FROM daybook.events"),
    ("daybook_writer", "TRUNCATE daybook.events"),
    ("daybook_writer", "UPDATE daybook.events SET personal_hash = NULL"),
    ("daybook_writer", "UPDATE daybook.persons SET value = 'x'"),
    ("daybook_writer", "UPDATE daybook.ledgers SET ledger_id = 'x'"),
    ("daybook_writer", "INSERT INTO daybook.cursors (ledger_id) VALUES ('main')"),
    ("daybook_writer", "CREATE TABLE daybook.t (n int)"),
    ("daybook_writer", "INSERT INTO daybook.halt_ends (ledger_id) VALUES ('main')"),
    ("daybook_writer", "INSERT INTO daybook.checkpoints (ledger_id) VALUES ('main')"),
    ("daybook_notary", "SELECT data FROM daybook.events"),
    ("daybook_notary", "SELECT personal FROM daybook.events"),
    ("daybook_notary", "INSERT INTO daybook.events (ledger_id) VALUES ('main')"),
    ("daybook_notary", "INSERT INTO daybook.seals (ledger_id) VALUES ('main')"),
    ("daybook_notary", "UPDATE daybook.checkpoints SET root = root"),
    ("daybook_auditor", "INSERT INTO daybook.halt_ends (ledger_id) VALUES ('main')"),
    ("daybook_projector", "SELECT personal FROM daybook.events"),
    ("daybook_projector", "SELECT salt FROM daybook.events"),
    ("daybook_projector", "SELECT value FROM daybook.persons"),
    ("daybook_projector", "INSERT INTO daybook.ledgers (ledger_id) VALUES ('x')"),
    ("daybook_projector", "UPDATE daybook.book_snapshots SET content = content"),
    ("daybook_writer", "SELECT count(*) FROM daybook.book_snapshots"),
    ("daybook_reader", "SELECT count(*) FROM daybook.book_snapshots"),
    ("daybook_reader", "SELECT count(*) FROM daybook.events"),
    ("daybook_reader", "SELECT count(*) FROM daybook.persons"),
    ("daybook_reader", "SELECT count(*) FROM daybook.ledgers"),
    ("daybook_auditor", "INSERT INTO daybook.ledgers (ledger_id) VALUES ('x')"),
    ("daybook_auditor", "UPDATE daybook.events SET data = '{}'"),
  ]

  @Test func `a role cannot do more than its part`() async throws {
    try await withDatabase { settings in
      for (role, sql) in Self.denied {
        let connection = try Self.connect(settings, role)
        let error = #expect(throws: PostgresError.self, "\(role): \(sql)") { try connection.execute(sql) }
        #expect(error?.sqlState == "42501", "\(role): \(sql)")
      }
    }
  }

  @Test func `the writer appends under the ledger's lock, and cannot update the row it locks`() async throws {
    try await withDatabase { settings in
      let connection = try Self.connect(settings, "daybook_writer")
      try connection.execute("INSERT INTO daybook.ledgers (ledger_id) VALUES ('main')")
      try connection.execute("BEGIN")
      #expect(
        try connection.execute("SELECT FROM daybook.ledgers WHERE ledger_id = 'main' FOR NO KEY UPDATE").count == 1)
      try AppendOnlyTests.insert(1, isPersonal: true, on: connection)
      try connection.execute("COMMIT")
      let error = #expect(throws: PostgresError.self) {
        try connection.execute("UPDATE daybook.ledgers SET created_at = now()")
      }
      #expect(error?.sqlState == "DB001")
    }
  }

  @Test func `the reader sees what the projector makes, and the auditor sees all`() async throws {
    try await withDatabase { settings in
      let projector = try Self.connect(settings, "daybook_projector")
      try projector.script(
        "CREATE SCHEMA book_x_v1; CREATE TABLE book_x_v1.t (n int); INSERT INTO book_x_v1.t VALUES (1)")
      try projector.script("CREATE VIEW books.t AS SELECT * FROM book_x_v1.t")
      #expect(try projector.execute("SELECT count(data) FROM daybook.events").int64(0, 0) == 0)
      for role in ["daybook_reader", "daybook_auditor"] {
        let connection = try Self.connect(settings, role)
        #expect(try connection.execute("SELECT n FROM books.t").int64(0, 0) == 1)
        #expect(try connection.execute("SELECT n FROM book_x_v1.t").int64(0, 0) == 1)
        #expect(throws: PostgresError.self) { try connection.execute("INSERT INTO book_x_v1.t VALUES (2)") }
      }
      let auditor = try Self.connect(settings, "daybook_auditor")
      #expect(try auditor.execute("SELECT count(personal) FROM daybook.events").int64(0, 0) == 0)
    }
  }

  private static func connect(_ settings: ConnectionSettings, _ role: String) throws -> Connection {
    var settings = settings
    settings.role = role
    return try Connection(settings)
  }
}
