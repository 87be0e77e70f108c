import Log
import Postgres
import Schema
import TestKit
import Testing

@Suite struct MigratorTests {
  @Test func `an empty database gets every migration once`() async throws {
    try await TestCluster.shared.withEmptyDatabase { settings in
      let connection = try Connection(settings)
      let first = try Migrator.migrate(connection)
      #expect(first == Schema.migrations)
      #expect(try Migrator.migrate(connection).isEmpty)
      #expect(try Migrator.pending(connection).isEmpty)
    }
  }

  @Test func `migrations are numbered from one without gaps`() {
    #expect(Schema.migrations.map(\.number) == Array(1...Schema.migrations.count))
  }
}
