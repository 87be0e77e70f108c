import Postgres
import TestKit
import Testing

/// What the writer may empty and delete: what an erasure names, and nothing else.
@Suite struct ErasureTriggerTests {
  private static let tokens = ["p_AAAAAAAAAAAAAAAAAAAAAA", "p_BBBBBBBBBBBBBBBBBBBBBB"]

  private func prepare(_ settings: ConnectionSettings) throws -> Connection {
    let connection = try Connection(settings)
    for position in 1...4 { try AppendOnlyTests.insert(Int64(position), isPersonal: true, on: connection) }
    for (index, token) in Self.tokens.enumerated() {
      try connection.execute(
        "INSERT INTO daybook.persons (ledger_id, kind, value, token) VALUES ('main', 'user', $1, $2)",
        [.text("user \(index)"), .text(token)])
    }
    let data = #"{"positions": [2, 3], "forgotten": ["\#(Self.tokens[0])"]}"#
    try AppendOnlyTests.insert(5, type: "payload.erased", data: data, on: connection)
    connection.close()
    var writer = settings
    writer.role = "daybook_writer"
    return try Connection(writer)
  }

  @Test func theWriterEmptiesAndForgetsWhatAnErasureNames() async throws {
    try await withDatabase { settings in
      let writer = try prepare(settings)
      defer { writer.close() }
      let emptied = try writer.execute(
        "UPDATE daybook.events SET personal = NULL, salt = NULL WHERE position IN (2, 3)")
      #expect(emptied.affected == 2)
      let forgotten = try writer.execute("DELETE FROM daybook.persons WHERE token = $1", [.text(Self.tokens[0])])
      #expect(forgotten.affected == 1)
    }
  }

  private static let beyond = [
    "UPDATE daybook.events SET personal = NULL, salt = NULL WHERE position = 1",
    "UPDATE daybook.events SET personal = NULL, salt = NULL WHERE position = 4",
    "UPDATE daybook.events SET personal = '{}' WHERE position = 2",
    "DELETE FROM daybook.persons",
    "DELETE FROM daybook.persons WHERE token = 'p_BBBBBBBBBBBBBBBBBBBBBB'",
  ]

  @Test(arguments: ["origin", "replica"])
  func nobodyDoesMore(replicationRole: String) async throws {
    try await withDatabase { settings in
      try prepare(settings).close()
      let connection = try Connection(settings)
      defer { connection.close() }
      try connection.script("SET session_replication_role = \(replicationRole)")
      for change in Self.beyond {
        let error = #expect(throws: PostgresError.self, "\(change)") { try connection.execute(change) }
        #expect(error?.sqlState == "DB001", "\(change)")
      }
      #expect(try connection.execute("SELECT count(*) FROM daybook.persons").int64(0, 0) == 2)
    }
  }

  @Test func noSampleOfAColumnKeepsAName() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      defer { connection.close() }
      for position in 1...300 { try AppendOnlyTests.insert(Int64(position), isPersonal: true, on: connection) }
      for number in 0..<300 {
        try connection.execute(
          """
          INSERT INTO daybook.persons (ledger_id, kind, value, token)
          VALUES ('main', 'user', 'ada ' || $1::text, 'p_' || lpad($1::text, 22, '0'))
          """, [.text("\(number)")])
      }
      try connection.script("ANALYZE daybook.events; ANALYZE daybook.persons")
      let samples = try connection.execute(
        "SELECT string_agg(s::text, '') FROM pg_stats s WHERE schemaname = 'daybook'"
      ).string(0, 0)
      #expect(samples.contains("completion.recorded") && !samples.contains("ada"))
    }
  }
}
