import Postgres
import Schema
import TestKit
import Testing

@Suite struct DocumentationTests {
  private static let uncommented = """
    SELECT 'table ' || c.relname
    FROM pg_class c
    WHERE c.relnamespace = 'daybook'::regnamespace AND c.relkind = 'r' AND obj_description(c.oid, 'pg_class') IS NULL
    UNION ALL
    SELECT 'column ' || c.relname || '.' || a.attname
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = 'daybook'::regnamespace AND c.relkind = 'r' AND col_description(c.oid, a.attnum) IS NULL
    UNION ALL
    SELECT 'function ' || p.proname
    FROM pg_proc p
    WHERE p.pronamespace = 'daybook'::regnamespace AND obj_description(p.oid, 'pg_proc') IS NULL
    UNION ALL
    SELECT 'trigger ' || t.tgname
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'daybook'::regnamespace AND NOT t.tgisinternal AND obj_description(t.oid, 'pg_trigger') IS NULL
    """

  @Test func `every table, column, function and trigger says what it is`() async throws {
    try await withDatabase { settings in
      let rows = try Connection(settings).execute(Self.uncommented)
      #expect((0..<rows.count).map { rows.string($0, 0) } == [])
    }
  }

  @Test func `every trigger of the log fires always, and none on INSERT`() async throws {
    try await withDatabase { settings in
      let rows = try Connection(settings).execute(
        """
        SELECT t.tgname::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = 'daybook'::regnamespace AND NOT t.tgisinternal
          AND (t.tgenabled <> 'A' OR t.tgtype & 4 <> 0)
        """)
      #expect((0..<rows.count).map { rows.string($0, 0) } == [])
    }
  }

  @Test func `the ledger leads every key of what belongs to a ledger`() async throws {
    try await withDatabase { settings in
      let rows = try Connection(settings).execute(
        """
        SELECT i.indexrelid::regclass::text
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
          JOIN pg_attribute l ON l.attrelid = c.oid AND l.attname = 'ledger_id'
          JOIN pg_class x ON x.oid = i.indexrelid
          -- An inverted index has no leading column, and is never unique.
          JOIN pg_am a ON a.oid = x.relam AND a.amname = 'btree'
        WHERE c.relnamespace = 'daybook'::regnamespace AND i.indkey[0] <> l.attnum
        """)
      #expect((0..<rows.count).map { rows.string($0, 0) } == [])
    }
  }

  @Test func `control events are found through their index`() async throws {
    try await withDatabase { settings in
      let connection = try Connection(settings)
      try connection.script("SET enable_seqscan = off; SET enable_bitmapscan = off")
      for condition in [
        Schema.controlEventsCondition, "type = 'price.listed'", "type IN ('key.issued', 'owner.added')",
      ] {
        let plan = try connection.execute(
          "EXPLAIN SELECT * FROM daybook.events WHERE ledger_id = 'main' AND position > 5 AND \(condition)")
        let text = (0..<plan.count).map { plan.string($0, 0) }.joined(separator: "\n")
        #expect(text.contains("events_control"), "\(text)")
      }
    }
  }
}
