import Postgres
import TestKit
import Testing

@Suite struct SentAheadTests {
  @Test("statements sent ahead run in order, before the pipeline that collects them")
  func order() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      defer { connection.close() }
      try connection.script("CREATE TABLE t (n bigint)")
      _ = try connection.pipeline([Statement("BEGIN")])
      for n in Int64(1)...100 {
        connection.sendAhead(Statement("INSERT INTO t SELECT count(*) + $1 FROM t", [.int64(n)]))
      }
      let rows = try connection.pipeline([Statement("SELECT sum(n)::bigint, count(*) FROM t"), Statement("COMMIT")])
      #expect(rows[0].int64(0, 0) == 100 * 100)
      #expect(rows[0].int64(0, 1) == 100)
      #expect(try connection.execute("SELECT count(*) FROM t").int64(0, 0) == 100)
    }
  }

  @Test("an error of a statement sent ahead is thrown by the call that collects it, and nothing is committed")
  func failure() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      defer { connection.close() }
      try connection.script("CREATE TABLE t (n bigint PRIMARY KEY)")
      _ = try connection.pipeline([Statement("BEGIN")])
      for n in [Int64(1), 2, 2, 3] { connection.sendAhead(Statement("INSERT INTO t VALUES ($1)", [.int64(n)])) }
      let error = #expect(throws: PostgresError.self) { _ = try connection.pipeline([Statement("COMMIT")]) }
      #expect(error?.sqlState == "23505")
      #expect(error?.constraint == "t_pkey")
      #expect(connection.transactionStatus == .idle)
      #expect(try connection.execute("SELECT count(*) FROM t").int64(0, 0) == 0)
    }
  }

  @Test("more than both sockets hold is sent ahead without either side waiting for the other")
  func large() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      defer { connection.close() }
      try connection.script("CREATE TABLE t (b bytea)")
      _ = try connection.pipeline([Statement("BEGIN")])
      let megabyte = [UInt8](repeating: 7, count: 1 << 20)
      for _ in 0..<20 { connection.sendAhead(Statement("INSERT INTO t VALUES ($1) RETURNING b", [.bytes(megabyte)])) }
      _ = try connection.pipeline([Statement("COMMIT")])
      #expect(try connection.execute("SELECT sum(length(b))::bigint FROM t").int64(0, 0) == 20 << 20)
    }
  }

  @Test("a server that ends the session meanwhile shows at the next call")
  func loss() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      let other = try Connection(settings)
      defer { other.close() }
      _ = try connection.pipeline([Statement("BEGIN")])
      connection.sendAhead(Statement("SELECT 1"))
      try other.execute("SELECT pg_terminate_backend($1, 5000)", [.int32(connection.backendPID)])
      for _ in 0..<3 { connection.sendAhead(Statement("SELECT 1")) }
      let error = #expect(throws: PostgresError.self) { _ = try connection.pipeline([Statement("COMMIT")]) }
      #expect(error?.code == .connectionLost)
      #expect(!connection.isOpen)
    }
  }
}
