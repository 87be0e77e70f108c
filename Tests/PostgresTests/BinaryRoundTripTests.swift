import Postgres
import TestKit
import Testing

@Suite struct BinaryRoundTripTests {
  @Test func `single values come back as they were bound`() async throws {
    do {
      let connection = try Connection(TestCluster.shared.settings())
      let text = "näïve ✓ \u{1F4B8} \"quoted\" \\ \u{7F}"
      let rows = try connection.execute(
        "SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9::text",
        [
          .text(text), .textBytes(Array(text.utf8)), .bytes([0, 1, 255]), .int64(.min), .int32(.max), .boolean(true),
          .json(Array(#"{"b": 1, "a": [null, "é"]}"#.utf8)), .timestamp(1_700_000_000_123_456), .null,
        ])
      #expect(rows.count == 1)
      #expect(rows.columnCount == 9)
      #expect(rows.string(0, 0) == text)
      #expect(rows.bytes(0, 1) == Array(text.utf8))
      #expect(rows.bytes(0, 2) == [0, 1, 255])
      #expect(rows.int64(0, 3) == .min)
      #expect(rows.int64(0, 4) == Int64(Int32.max))
      #expect(rows.boolean(0, 5))
      #expect(String(decoding: rows.json(0, 6), as: UTF8.self) == #"{"a": [null, "é"], "b": 1}"#)
      #expect(rows.timestamp(0, 7) == 1_700_000_000_123_456)
      #expect(rows.isNull(0, 8))
      #expect(rows.optionalString(0, 8) == nil)
      #expect(rows.withField(0, 2) { $0.count } == 3)
    }
  }

  @Test(arguments: [
    Int64(0), 1, -1, 946_684_800_000_000, 946_684_799_999_999, -62_135_596_800_000_000, 253_402_300_799_999_999,
  ])
  func `times agree with what Postgres makes of the same number`(microseconds: Int64) async throws {
    do {
      let connection = try Connection(TestCluster.shared.settings())
      let rows = try connection.execute(
        "SELECT extract(epoch FROM $1) * 1000000 = $2, $1",
        [.timestamp(microseconds), .int64(microseconds)])
      #expect(rows.boolean(0, 0))
      #expect(rows.timestamp(0, 1) == microseconds)
    }
  }

  @Test func `a time beyond what Postgres holds is refused`() async throws {
    do {
      let connection = try Connection(TestCluster.shared.settings())
      let error = #expect(throws: PostgresError.self) { try connection.execute("SELECT $1", [.timestamp(.min)]) }
      #expect(error?.code == .server)
    }
  }

  @Test(arguments: [0, 1, 2, 10_000])
  func `arrays of every type come back as they were bound, NULLs included`(count: Int) async throws {
    do {
      let connection = try Connection(TestCluster.shared.settings())
      func items<Item>(_ make: (Int) -> Item) -> [Item?] { (0..<count).map { $0 % 7 == 3 ? nil : make($0) } }
      let texts = items { "text \($0) ü" }
      let bytes = items { index in [UInt8](repeating: UInt8(truncatingIfNeeded: index), count: index % 300) }
      let int64s = items { Int64($0) * 1_000_000_007 * ($0.isMultiple(of: 2) ? 1 : -1) }
      let int32s = items { Int32($0) - 5000 }
      let times = items { Int64($0) * 1_000_003 }
      let jsons = items { Array(#"{"n": \#($0)}"#.utf8) }
      let rows = try connection.execute(
        """
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7) WITH ORDINALITY AS t (a, b, c, d, e, f, g, n) ORDER BY n
        """,
        [
          .texts(texts), .textsBytes(texts.map { $0.map { Array($0.utf8) } }), .bytesArray(bytes), .int64s(int64s),
          .int32s(int32s), .timestamps(times), .jsons(jsons),
        ])
      #expect(rows.count == count)
      let all = 0..<rows.count
      #expect(all.map { rows.optionalString($0, 0) } == texts)
      #expect(all.map { rows.optionalString($0, 1) } == texts)
      #expect(all.map { rows.optionalBytes($0, 2) } == bytes)
      #expect(all.map { rows.optionalInt64($0, 3) } == int64s)
      #expect(all.map { rows.optionalInt64($0, 4) } == int32s.map { $0.map(Int64.init) })
      #expect(all.map { rows.optionalTimestamp($0, 5) } == times)
      #expect(all.map { rows.optionalJSON($0, 6) } == jsons)
    }
  }

  /// The oracle is Postgres's own text of the same value.
  @Test(arguments: [
    "0::numeric", "1::numeric", "-1.50::numeric", "0.000000000001::numeric",
    "123456789012345678901234567890.123456789012",
    "10000::numeric", "-0.00010000::numeric", "99999999.9999::numeric(38,12)", "1e20::numeric", "100.0::numeric",
    "'NaN'::numeric", "0.10::numeric", "20000000.00000000000005::numeric", "'Infinity'::numeric",
    "'2024-02-29'::date", "'1970-01-01'::date", "'0001-01-01'::date", "'9999-12-31'::date", "'1999-12-31'::date",
    "'2100-03-01'::date", "'infinity'::date", "'0044-03-15 BC'::date", "(-5)::int2", "7::int4", "'-9'::int8",
    "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid", "true", "4000000000::oid", "'x'::varchar", "'{\"a\":1}'::json",
  ])
  func `values of other types read as Postgres spells them`(expression: String) async throws {
    do {
      let connection = try Connection(TestCluster.shared.settings())
      let sql = "SELECT \(expression), (\(expression))::text"
      let binary = try connection.execute(sql, isPrepared: false)
      #expect(binary.string(0, 0) == binary.string(0, 1))
      let text = try connection.execute(sql, isPrepared: false, resultFormat: .text)
      #expect(text.string(0, 1) == binary.string(0, 1))
    }
  }

  @Test func `every date of eight centuries reads as Postgres spells it`() async throws {
    do {
      let connection = try Connection(TestCluster.shared.settings())
      let rows = try connection.execute(
        "SELECT d::date, d::date::text FROM generate_series('1500-01-01'::timestamp, '2300-01-01', '1 day') AS d")
      #expect((0..<rows.count).allSatisfy { rows.string($0, 0) == rows.string($0, 1) })
      #expect(rows.count > 290_000)
    }
  }

  @Test func `results in text form read the same`() async throws {
    do {
      let connection = try Connection(TestCluster.shared.settings())
      let rows = try connection.execute(
        "SELECT 42::int8, true, '\\x00ff'::bytea, '{\"a\":1}'::jsonb, 1.50::numeric, current_setting('TimeZone')",
        resultFormat: .text)
      #expect(rows.int64(0, 0) == 42)
      #expect(rows.boolean(0, 1))
      #expect(rows.bytes(0, 2) == [0, 255])
      #expect(rows.json(0, 3) == Array(#"{"a": 1}"#.utf8))
      #expect(rows.string(0, 4) == "1.50")
      #expect(rows.string(0, 5) == "UTC")
    }
  }

  @Test func `the same statement takes a NULL first and values of its type later`() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      try connection.script("CREATE TABLE t (a int4, b text)")
      let sql = "INSERT INTO t VALUES ($1, $2)"
      try connection.execute(sql, [.null, .text("x")])
      try connection.execute(sql, [.int64(5), .null])
      try connection.execute(sql, [.int32(6), .text("y")])
      try connection.execute(sql, [.null, .null])
      #expect(try connection.execute("SELECT sum(a), count(b) FROM t").int64(0, 0) == 11)
    }
  }
}
