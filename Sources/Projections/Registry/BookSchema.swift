import Postgres

/// Makes and drops the Postgres schema of a build, and points the views of `books` at it.
enum BookSchema {
  /// Makes the schema and its tables, inside the caller's transaction; `search_path` points at it afterwards.
  static func create(_ schema: String, _ definition: ProjectionDefinition, on connection: Connection) throws {
    try connection.script("CREATE SCHEMA \(schema)")
    try searchPath(schema, on: connection)
    for statement in definition.tableStatements {
      do {
        try connection.script(statement.text)
      } catch {
        throw defect(definition, "tables.sql:\(statement.line)", error)
      }
    }
    try check(schema, definition, on: connection)
    try connection.script(
      """
      GRANT USAGE ON SCHEMA \(schema) TO daybook_reader, daybook_auditor;
      GRANT SELECT ON ALL TABLES IN SCHEMA \(schema) TO daybook_reader, daybook_auditor
      """)
  }

  /// Sets `search_path` until the end of the transaction.
  static func searchPath(_ schema: String, on connection: Connection) throws {
    try connection.execute("SELECT set_config('search_path', $1, true)", [.text(schema)])
  }

  /// An error of the definition's SQL as such, which names place and reason; transient ones stay what they are.
  static func defect(_ definition: ProjectionDefinition, _ place: String, _ error: PostgresError) -> any Error {
    if error.isTransient { return error }
    return ProjectionError(.defect, "\(definition.name)/\(place): \(error.state) \(error.message)")
  }

  /// The tables that `projection.json` names must be there, with `ledger_id` and their keys.
  private static func check(_ schema: String, _ definition: ProjectionDefinition, on connection: Connection) throws {
    let rows = try connection.execute(
      """
      SELECT c.relname::text, a.attname::text
      FROM pg_class AS c
      JOIN pg_attribute AS a ON a.attrelid = c.oid
      WHERE c.relnamespace = to_regnamespace($1) AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
      """, [.text(schema)])
    var columns: [String: Set<String>] = [:]
    for row in 0..<rows.count { columns[rows.string(row, 0), default: []].insert(rows.string(row, 1)) }
    var missing: [String] = []
    for table in definition.tables {
      guard let found = columns[table.name] else {
        missing.append("the table \(table.name)")
        continue
      }
      missing += (["ledger_id"] + table.key).filter { !found.contains($0) }.map { "the column \(table.name).\($0)" }
    }
    for extra in columns.keys.sorted() where !definition.tables.contains(where: { $0.name == extra }) {
      throw ProjectionError(
        .defect, "\(definition.name)/tables.sql makes \(extra), which projection.json does not name")
    }
    guard missing.isEmpty else {
      throw ProjectionError(
        .defect, "\(definition.name)/tables.sql does not make \(missing.joined(separator: ", "))")
    }
  }

  /// Points the views of `books` at the schema, inside the caller's transaction; `previous` are the views to take away.
  static func publish(
    _ schema: String, _ definition: ProjectionDefinition, previous: ProjectionDefinition?, on connection: Connection
  ) throws {
    for table in previous?.tables ?? [] { try connection.script("DROP VIEW IF EXISTS books.\(table.name)") }
    for table in definition.tables {
      try connection.script(
        """
        DROP VIEW IF EXISTS books.\(table.name);
        CREATE VIEW books.\(table.name) AS SELECT * FROM \(schema).\(table.name);
        COMMENT ON VIEW books.\(table.name) IS '\(literal(table.description))';
        GRANT SELECT ON books.\(table.name) TO daybook_reader, daybook_auditor
        """)
    }
  }

  /// The inside of a quoted literal.
  static func literal(_ text: String) -> String {
    text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
  }

  /// Drops a schema that nothing uses any more; answers false where somebody still reads it.
  static func drop(_ schema: String, on connection: Connection) throws -> Bool {
    do {
      try connection.script("BEGIN; SET LOCAL lock_timeout = '2s'; DROP SCHEMA IF EXISTS \(schema) CASCADE; COMMIT")
      return true
    } catch {
      guard error.isTransient, !error.isConnectionLoss else { throw error }
      try connection.script("ROLLBACK")
      return false
    }
  }
}
