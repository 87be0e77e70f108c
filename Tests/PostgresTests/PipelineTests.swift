import Postgres
import TestKit
import Testing

@Suite struct PipelineTests {
  @Test func `many statements answer in their order`() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      let answers = try connection.pipeline((1...100).map { Statement("SELECT $1::int8 * 2", [.int64($0)]) })
      #expect(answers.map { $0.int64(0, 0) } == (1...100).map { $0 * 2 })
    }
  }

  @Test func `the first failing statement is named, and nothing after it runs`() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      try connection.script("CREATE TABLE t (n int8 PRIMARY KEY)")
      let error = #expect(throws: PostgresError.self) {
        try connection.pipeline([
          Statement("INSERT INTO t VALUES (1)"), Statement("INSERT INTO t VALUES (1)"),
          Statement("INSERT INTO t VALUES (2)"),
        ])
      }
      #expect(error?.code == .server)
      #expect(error?.sqlState == "23505")
      #expect(error?.constraint == "t_pkey")
      #expect(error?.statementIndex == 1)
      #expect(try connection.execute("SELECT count(*) FROM t").int64(0, 0) == 0)
    }
  }
}
