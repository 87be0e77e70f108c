import Log
import Postgres
import Schema
import TestKit
import Testing

@Suite struct MigratorTests {
  @Test func `an empty database gets every migration once`() async throws {
    try await TestCluster.shared.withEmptyDatabase { settings in
      let connection = try Connection(settings)
      #expect(try Migrator.migrate(connection) == Schema.migrations)
      #expect(try Migrator.migrate(connection).isEmpty)
      #expect(try Migrator.pending(connection).isEmpty)
    }
  }

  @Test func `migrations are numbered from one without gaps`() {
    #expect(Schema.migrations.map(\.number) == Array(1...Schema.migrations.count))
  }

  @Test func `a file that was changed after it was applied is named`() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      var migrations = Schema.migrations
      let old = migrations[2]
      migrations[2] = Migration(number: old.number, name: old.name, text: old.text + "\n-- changed")
      let error = #expect(throws: MigrationError.self) { try Migrator.migrate(connection, migrations: migrations) }
      #expect(error?.code == .changed)
      #expect(error?.migration == "0003_events")
    }
  }

  @Test func `a database that is newer than the program is refused`() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      let error = #expect(throws: MigrationError.self) {
        try Migrator.migrate(connection, migrations: Schema.migrations.dropLast())
      }
      #expect(error?.code == .databaseIsNewer)
    }
  }

  @Test func `a migration that fails leaves nothing, and can be repaired`() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      let number = Schema.migrations.count + 1
      func more(_ sql: String) -> [Migration] {
        Schema.migrations + [Migration(number: number, name: "more", text: sql)]
      }
      let error = #expect(throws: PostgresError.self) {
        try Migrator.migrate(connection, migrations: more("CREATE TABLE daybook.more (n int); SELECT 1/0;"))
      }
      #expect(error?.message.contains("more") == true)
      #expect(connection.transactionStatus == .idle)
      let applied = try Migrator.migrate(connection, migrations: more("CREATE TABLE daybook.more (n int);"))
      #expect(applied.map(\.number) == [number])
    }
  }

  @Test func `several databases of a fresh cluster, and several processes a database, migrate at once`() async throws
  {
    let cluster = TestCluster.own()
    defer { cluster.remove() }
    for number in 0..<4 { try cluster.cluster.createDatabase(named: "d\(number)") }
    let dropping = try Connection(cluster.cluster.settings(database: "daybook_template"))
    for role in ["writer", "projector", "reader", "auditor"] {
      try dropping.script("DROP OWNED BY daybook_\(role); DROP ROLE daybook_\(role)")
    }
    let applied = try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 0..<8 {
        let settings = cluster.cluster.settings(database: "d\(number % 4)")
        group.addTask { try Migrator.migrate(Connection(settings)).count }
      }
      return try await group.reduce(0, +)
    }
    #expect(applied == 4 * Schema.migrations.count)
  }

  /// A dump that was restored into a cluster without the roles migrated to "up to date", and then nothing could log in.
  @Test func `a database that lost its grants is refused with the remedy`() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      try connection.script("REVOKE INSERT ON daybook.events FROM daybook_writer")
      #expect {
        try Migrator.migrate(connection)
      } throws: { error in
        (error as? MigrationError)?.code == .rolesMissing && "\(error)".contains("--roles-only")
      }
    }
  }

  @Test func `an owner who is no superuser can migrate and act as the roles`() async throws {
    try await TestCluster.own().withEmptyDatabase { settings in
      let superuser = try Connection(settings)
      for role in ["writer", "projector", "reader", "auditor"] {
        try superuser.script("GRANT daybook_\(role) TO daybook")
      }
      try superuser.script("CREATE ROLE someone LOGIN CREATEROLE")
      for role in ["writer", "projector", "reader", "auditor"] {
        try superuser.script("GRANT daybook_\(role) TO someone WITH ADMIN OPTION")
      }
      let database = try superuser.execute("SELECT current_database()::text").string(0, 0)
      try superuser.script("ALTER DATABASE \(database) OWNER TO someone")
      var owner = settings
      owner.url = settings.url.replacing("user=daybook", with: "user=someone")
      #expect(try Migrator.migrate(Connection(owner)) == Schema.migrations)
      owner.role = "daybook_writer"
      #expect(try Connection(owner).execute("SELECT count(*) FROM daybook.events").int64(0, 0) == 0)
    }
  }
}
