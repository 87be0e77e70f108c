import Postgres
import TestKit
import Testing

@Suite struct BulkTests {
  private struct Stop: Error {}

  @Test func `a stream hands over every row once, in chunks`() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      var sizes: [Int] = []
      var sum: Int64 = 0
      try connection.stream("SELECT n FROM generate_series(1, $1::int8) AS n", [.int64(2500)], chunk: 1000) { rows in
        sizes.append(rows.count)
        for row in 0..<rows.count { sum += rows.int64(row, 0) }
        return true
      }
      #expect(sizes == [1000, 1000, 500])
      #expect(sum == 2500 * 2501 / 2)
      #expect(connection.transactionStatus == .idle)
    }
  }

  @Test func `a stream ends when it is told to, and an empty one calls nobody`() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      var calls = 0
      try connection.stream("SELECT n FROM generate_series(1, 100000) AS n", chunk: 10) { _ in
        calls += 1
        return calls < 3
      }
      #expect(calls == 3)
      try connection.stream("SELECT 1 WHERE false") { _ in
        calls += 1
        return true
      }
      #expect(calls == 3)
      #expect(throws: Stop.self) { try connection.stream("SELECT 1") { _ in throw Stop() } }
      #expect(connection.transactionStatus == .idle)
      #expect(throws: PostgresError.self) { try connection.stream("SELECT 1/0") { _ in true } }
      #expect(connection.transactionStatus == .idle)
    }
  }

  @Test func `a stream inside a transaction leaves it open, and its body may query`() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      try connection.execute("BEGIN")
      var seen = 0
      try connection.stream("SELECT n FROM generate_series(1, 30) AS n", chunk: 10) { rows in
        try connection.stream("SELECT n FROM generate_series(1, 3) AS n", chunk: 2) { inner in
          seen += inner.count
          return true
        }
        return try connection.execute("SELECT true").boolean(0, 0)
      }
      #expect(seen == 9)
      #expect(throws: Stop.self) { try connection.stream("SELECT 1") { _ in throw Stop() } }
      #expect(connection.transactionStatus == .open)
      #expect(try connection.execute("SELECT count(*) FROM pg_cursors WHERE name <> ''").int64(0, 0) == 0)
      try connection.execute("COMMIT")
    }
  }

  @Test func `copy takes pieces of any size`() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      try connection.script("CREATE TABLE t (n int8, s text)")
      let text = (1...50_000).map { "\($0)\trow number \($0)\n" }.joined()
      var rest = Array(text.utf8)[...]
      var size = 1
      let copied = try connection.copyIn("COPY t FROM STDIN") {
        let piece = rest.prefix(size)
        rest = rest.dropFirst(size)
        size = size * 3 % 200_003 + 1
        return piece.isEmpty ? nil : Array(piece)
      }
      #expect(copied == 50_000)
      #expect(try connection.execute("SELECT sum(n)::int8 FROM t").int64(0, 0) == 50_000 * 50_001 / 2)
    }
  }

  /// An import once stood still for ever: data had gone out between two looks at what is unsent, and then an answer was waited
  /// for that Postgres gives only at the end. Pieces of this size hit that moment several times in so many.
  @Test func `a copy waits for nothing once its data is sent`() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      connection.callTimeout = .seconds(20)
      try connection.script("CREATE TABLE t (s text)")
      let piece = Array(String(repeating: String(repeating: "x", count: 999) + "\n", count: 8).utf8)
      var left = 25_000
      let copied = try connection.copyIn("COPY t FROM STDIN WHERE s IS NULL") {
        left -= 1
        return left < 0 ? nil : piece
      }
      #expect(copied == 0)
    }
  }

  @Test func `a copy that is abandoned or refused leaves nothing`() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      try connection.script("CREATE TABLE t (n int8 CHECK (n < 10))")
      var calls = 0
      #expect(throws: Stop.self) {
        try connection.copyIn("COPY t FROM STDIN") {
          calls += 1
          if calls == 3 { throw Stop() }
          return Array("1\n".utf8)
        }
      }
      var pieces = ["5\n", "50\n"].makeIterator()
      let error = #expect(throws: PostgresError.self) {
        try connection.copyIn("COPY t FROM STDIN") { pieces.next().map { Array($0.utf8) } }
      }
      #expect(error?.sqlState == "23514")
      #expect(throws: PostgresError.self) { try connection.copyIn("COPY nowhere FROM STDIN") { nil } }
      #expect(try connection.execute("SELECT count(*) FROM t").int64(0, 0) == 0)
    }
  }

  @Test func `a pipeline larger than every buffer does not stall`() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      connection.callTimeout = .seconds(60)
      let large = String(repeating: "x", count: 1 << 20)
      let answers = try connection.pipeline((0..<40).map { _ in Statement("SELECT $1, $1", [.text(large)]) })
      #expect(answers.count == 40)
      #expect(answers.allSatisfy { $0.withField(0, 1) { $0.count } == 1 << 20 })
    }
  }

  @Test func `a script runs many statements, and none when one fails`() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      try connection.script("CREATE TABLE t (n int8); INSERT INTO t VALUES (1); INSERT INTO t VALUES (2);")
      #expect(try connection.execute("SELECT count(*) FROM t").int64(0, 0) == 2)
      let error = #expect(throws: PostgresError.self) {
        try connection.script("INSERT INTO t VALUES (3); SELECT 1/0; INSERT INTO t VALUES (4);")
      }
      #expect(error?.sqlState == "22012")
      #expect(try connection.execute("SELECT count(*) FROM t").int64(0, 0) == 2)
      // COPY in a pipeline would wait for ever; it costs the connection.
      let misuse = #expect(throws: PostgresError.self) { try connection.pipeline([Statement("COPY t FROM STDIN")]) }
      #expect(misuse?.code == .misuse)
      #expect(!connection.isOpen)
    }
  }

  @Test func `notifications arrive, in order, and waiting for none ends`() async throws {
    try await withDatabase { settings in
      let listener = try Connection(settings)
      let sender = try Connection(settings)
      try listener.listen("daybook_log")
      #expect(try listener.notifications(within: .milliseconds(20)).isEmpty)
      try sender.notify("daybook_log", "main 1")
      try sender.notify("daybook_log", "main 2")
      var arrived: [Notification] = []
      while arrived.count < 2 { arrived += try listener.notifications(within: .seconds(60)) }
      #expect(
        arrived == [
          Notification(channel: "daybook_log", payload: "main 1"),
          Notification(channel: "daybook_log", payload: "main 2"),
        ])
      // What arrives during another call is kept.
      try sender.notify("daybook_log", "main 3")
      try listener.execute("SELECT 1")
      #expect(try listener.notifications(within: .seconds(60)).map(\.payload) == ["main 3"])
    }
  }

  @Test func `a copy out hands over every byte, and the connection is as before whatever happens`() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      var bytes: [UInt8] = []
      var pieces = 0
      let rows = try connection.copyOut("COPY (SELECT n FROM generate_series(1, 50000) AS n) TO STDOUT") { piece in
        bytes += piece
        pieces += 1
      }
      #expect(rows == 50_000 && pieces > 2)
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(text == (1...50_000).map { "\($0)\n" }.joined())
      #expect(throws: Stop.self) {
        try connection.copyOut("COPY (SELECT n FROM generate_series(1, 50000) AS n) TO STDOUT") { _ in throw Stop() }
      }
      for broken in [
        "COPY nothing TO STDOUT", "COPY (SELECT 10 / (5000 - n) FROM generate_series(1, 9000) n) TO STDOUT",
      ] {
        let error = #expect(throws: PostgresError.self) { try connection.copyOut(broken) { _ in } }
        #expect(error?.code == .server)
      }
      #expect(try connection.copyOut("COPY (SELECT 1 WHERE false) TO STDOUT") { _ in } == 0)
      #expect(try connection.execute("SELECT 1").count == 1)
      let misuse = #expect(throws: PostgresError.self) { try connection.copyOut("SELECT 1") { _ in } }
      #expect(misuse?.code == .misuse)
    }
  }

  @Test func `copied rows have every value, row after row and copy after copy`() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      let rows = CopiedRows(columns: 6)
      for last in [3000, 0, 7] {
        let literal = try connection.literal("it's \\ a \u{1F600}")
        let copied = try connection.copyOut(
          """
          COPY (
            SELECT
              n, n::int4, \(literal) || repeat('x', n::int), timestamptz '2024-02-29 12:00:00Z' + n * interval '1 s',
              jsonb_build_object('n', n), CASE WHEN n % 2 = 0 THEN '' END
            FROM generate_series(1::int8, \(last)) AS n
          ) TO STDOUT (FORMAT binary)
          """, into: rows)
        #expect(copied == last)
        var next: Int64 = 1
        while try rows.next() {
          guard rows.int64(0) == next, Int64(rows.int32(1)) == next,
            String(decoding: rows.field(2), as: UTF8.self)
              == "it's \\ a \u{1F600}" + String(repeating: "x", count: Int(next)),
            rows.timestamp(3) == 1_709_208_000_000_000 + next * 1_000_000,
            String(decoding: rows.json(4), as: UTF8.self) == "{\"n\": \(next)}",
            rows.isNull(5) == (next % 2 == 1), rows.field(5).isEmpty
          else {
            Issue.record("row \(next) of \(last) has other values")
            break
          }
          next += 1
        }
        #expect(next == Int64(last) + 1)
      }
      // Not as many columns as are read, and no copy in binary.
      try connection.copyOut("COPY (SELECT 1) TO STDOUT (FORMAT binary)", into: rows)
      #expect(throws: PostgresError.self) { try rows.next() }
      #expect(throws: PostgresError.self) { try connection.copyOut("COPY (SELECT 1) TO STDOUT", into: rows) }
      #expect(throws: PostgresError.self) { try connection.literal("\0") }
      #expect(try connection.execute("SELECT 1").count == 1)
    }
  }

  @Test func `a copy by pieces hands over every row once, and ends when it is told to`() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      let rows = CopiedRows(columns: 2)
      func copy(_ last: Int) -> String {
        "COPY (SELECT n, repeat('x', (n % 3000)::int) FROM generate_series(1::int8, \(last)) n) "
          + "TO STDOUT (FORMAT binary)"
      }
      for last in [0, 1, 20_000] {
        var (next, pieces) = (Int64(1), 0)
        let copied = try connection.copyOut(copy(last), by: rows) { rows in
          while try rows.next() {
            if rows.int64(0) != next || rows.field(1).count != Int(next % 3000) { Issue.record("not row \(next)") }
            next += 1
          }
          pieces += 1
        }
        #expect(copied == last && next == Int64(last) + 1)
        #expect(pieces == min(last, 1) || (last == 20_000 && pieces > 100))
      }
      // Of ten million rows that nobody wants any more few are made, and the connection is as before.
      var pieces = 0
      #expect(throws: Stop.self) {
        try connection.copyOut(copy(10_000_000), by: rows) { _ in
          pieces += 1
          if pieces == 3 { throw Stop() }
        }
      }
      #expect(pieces == 3)
      let error = #expect(throws: PostgresError.self) {
        let failing = "COPY (SELECT 1 / (n - 5000), n FROM generate_series(1, 9000) n) TO STDOUT (FORMAT binary)"
        return try connection.copyOut(failing, by: rows) { _ in }
      }
      #expect(error?.code == .server)
      #expect(try connection.execute("SELECT 1").count == 1)
    }
  }
}
