import Dispatch
import Postgres
import TestKit
import Testing

@Suite struct FailureTests {
  @Test func `a call past its deadline is cancelled and the connection stays usable`() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      connection.callTimeout = .milliseconds(100)
      let start = ContinuousClock.now
      let error = #expect(throws: PostgresError.self) { try connection.execute("SELECT pg_sleep(30)") }
      #expect(error?.code == .timeout)
      #expect(start.duration(to: .now) < .seconds(25))
      #expect(connection.isOpen)
      connection.callTimeout = .seconds(60)
      #expect(try connection.execute("SELECT 1::int4").int64(0, 0) == 1)
      connection.callTimeout = .milliseconds(100)
      // The simple protocol goes the same way.
      #expect(throws: PostgresError.self) { try connection.script("SELECT pg_sleep(30)") }
      #expect(connection.transactionStatus == .idle)
    }
  }

  @Test func `a deadline in a transaction leaves it failed until it is rolled back`() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      connection.callTimeout = .milliseconds(100)
      #expect(throws: PostgresError.self) {
        try connection.pipeline([Statement("BEGIN"), Statement("SELECT pg_sleep(30)")])
      }
      #expect(connection.transactionStatus == .failed)
      connection.callTimeout = .seconds(60)
      let error = #expect(throws: PostgresError.self) { try connection.execute("COMMIT") }
      #expect(error?.sqlState == "25P02")
      #expect(connection.transactionStatus == .idle)
    }
  }

  @Test func `a backend that is terminated is a lost connection`() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      let killer = try Connection(settings)
      let victim = connection.backendPID
      DispatchQueue.global().async {
        guard let killer = try? Connection(settings) else { return }
        _ = try? killer.execute("SELECT pg_sleep(0.1)")
        _ = try? killer.execute("SELECT pg_terminate_backend($1)", [.int32(victim)])
      }
      let error = #expect(throws: PostgresError.self) { try connection.execute("SELECT pg_sleep(30)") }
      #expect(error?.code == .connectionLost)
      #expect(error?.sqlState == "57P01")
      #expect(!connection.isOpen)
      let again = #expect(throws: PostgresError.self) { try connection.execute("SELECT 1") }
      #expect(again?.code == .connectionLost)
      #expect(killer.isOpen)
    }
  }

  @Test func `a backend that was terminated between two calls is a lost connection`() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      // It waits until that one is gone, 30 s at most.
      try Connection(settings).execute("SELECT pg_terminate_backend($1, 30000)", [.int32(connection.backendPID)])
      let error = #expect(throws: PostgresError.self) { try connection.execute("SELECT 1") }
      #expect(error?.code == .connectionLost)
      #expect(!connection.isOpen)
    }
  }

  @Test func `errors show neither values nor passwords`() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      let secret = "hunter2"
      try connection.script("CREATE TABLE t (a text PRIMARY KEY)")
      try connection.execute("INSERT INTO t VALUES ($1)", [.text(secret)])
      for (sql, parameters) in [
        ("SELECT $1::text::int8", [Parameter.text(secret)]), ("SELECT $1::text::date", [.text(secret)]),
        ("INSERT INTO t VALUES ($1)", [.text(secret)]), ("SELECT $1::text::jsonb", [.text("{\(secret)")]),
      ] {
        let error = #expect(throws: PostgresError.self) { try connection.execute(sql, parameters) }
        #expect(error.map { "\($0)".contains(secret) } == false)
        #expect(error?.message.isEmpty == false)
      }
    }
    for url in [
      "postgres://me:hunter2@127.0.0.1:1/x", "host=127.0.0.1 port=1 password=hunter2", "postgres://hunter2:%zz@",
    ] {
      let error = #expect(throws: PostgresError.self) { _ = try Connection(ConnectionSettings(url: url)) }
      #expect(error?.code == .connectFailed)
      #expect(error.map { "\($0) \($0.message)".contains("hunter2") } == false)
    }
  }

  @Test func `a COMMIT that Postgres turns into a rollback is an error`() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      try connection.execute("BEGIN")
      #expect(throws: PostgresError.self) { try connection.execute("SELECT 1/0") }
      let error = #expect(throws: PostgresError.self) { try connection.execute("COMMIT") }
      #expect(error?.sqlState == "25P02")
      #expect(error?.statementIndex == nil)
    }
  }

  @Test func `a statement whose preparation failed is prepared again`() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      let sql = "SELECT count(*) FROM later"
      #expect(throws: PostgresError.self) { try connection.execute(sql) }
      // The failure of another statement must not leave it half prepared either.
      #expect(throws: PostgresError.self) {
        try connection.pipeline([Statement("SELECT 1/0"), Statement("SELECT 77")])
      }
      #expect(try connection.execute("SELECT 77").int64(0, 0) == 77)
      try connection.script("CREATE TABLE later (a int)")
      #expect(try connection.execute(sql).int64(0, 0) == 0)
    }
  }

  @Test func `plans and names that are gone are made anew`() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      try connection.script("CREATE TABLE t (a int)")
      #expect(try connection.execute("SELECT * FROM t").columnCount == 1)
      try connection.script("ALTER TABLE t ADD b int")
      #expect(throws: PostgresError.self) { try connection.execute("SELECT * FROM t") }
      #expect(try connection.execute("SELECT * FROM t").columnCount == 2)
      try connection.script("DISCARD ALL")
      #expect(throws: PostgresError.self) { try connection.execute("SELECT * FROM t") }
      #expect(try connection.execute("SELECT * FROM t").columnCount == 2)
    }
  }

  @Test func `more statements than the cache holds all run`() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      for number in 0..<500 { #expect(try connection.execute("SELECT \(number)::int8").int64(0, 0) == Int64(number)) }
      let count = try connection.execute("SELECT count(*) FROM pg_prepared_statements").int64(0, 0)
      #expect(count <= 200)
    }
  }

  @Test func `settings reach the session`() async throws {
    try await withDatabase { settings in
      var settings = settings
      settings.role = "daybook_reader"
      settings.applicationName = "a name with spaces"
      settings.parameters = ["search_path": #"books, "odd \ name""#, "statement_timeout": "1234"]
      let connection = try Connection(settings)
      let rows = try connection.execute(
        """
        SELECT current_user::text, current_setting('application_name'), current_setting('search_path'),
          current_setting('statement_timeout'), current_setting('client_encoding')
        """)
      let values = (0..<5).map { rows.string(0, $0) }
      #expect(values == ["daybook_reader", "a name with spaces", #"books, "odd \ name""#, "1234ms", "UTF8"])
      settings.role = "nobody_here"
      let error = #expect(throws: PostgresError.self) { _ = try Connection(settings) }
      #expect(error?.code == .connectFailed)
    }
  }

  @Test func `nobody answering is noticed within the connect timeout`() {
    // TEST-NET-1 (RFC 5737) leads nowhere; a machine without a network refuses at once, which is as well.
    let settings = ConnectionSettings(url: "postgres://192.0.2.1/x", connectTimeout: .milliseconds(300))
    let start = ContinuousClock.now
    let error = #expect(throws: PostgresError.self) { _ = try Connection(settings) }
    #expect(error?.code == .connectFailed)
    #expect(start.duration(to: .now) < .seconds(20))
  }
}
