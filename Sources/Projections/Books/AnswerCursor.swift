import Domain
import Postgres

/// Declares the cursor of an answer inside the caller's transaction, and reads it on.
enum AnswerCursor {
  private static let name = "daybook_answer"
  /// Rows of one FETCH: some 64 KiB of answer.
  private static let rows = 300

  /// The columns that an answer to these values has.
  static func columns(_ query: QueryDefinition, _ values: [String: BoundValue]) -> [QueryColumn] {
    query.columns.filter { column in
      guard let list = column.presentIfListedIn else { return true }
      guard case .texts(let names)? = values[list] else { return false }
      return names.contains(column.name)
    }
  }

  /// Turns a person's name into the tokens that stand for it, whatever kind of person it is.
  static func tokens(_ value: String, ledger: String, on connection: Connection) throws -> [String] {
    let rows = try connection.execute(
      "SELECT token FROM daybook.persons WHERE ledger_id = $1 AND value = $2", [.text(ledger), .text(value)])
    return (0..<rows.count).map { rows.string($0, 0) }
  }

  /// Declares the cursor: as the reader, in the book's schema, within the time for one statement.
  static func declare(
    _ query: QueryDefinition, columns: [QueryColumn], values: [String: BoundValue], ledger: String, schema: String,
    timeout: Duration, on line: BookSession.Line
  ) throws {
    let parameters = try query.statement.parameters.map { name -> Parameter in
      if name == "ledger" { return .text(ledger) }
      return switch values[name] ?? .null {
      case .null: .null
      case .text(let text): .text(text)
      case .texts(let texts): .texts(texts)
      case .integer(let value): .int64(value)
      case .boolean(let value): .boolean(value)
      case .timestamp(let moment): .timestamp(moment.microseconds)
      case .person(let value): .texts(try tokens(value, ledger: ledger, on: line.connection))
      }
    }
    try BookSchema.searchPath(schema, on: line.connection)
    try line.connection.script(
      """
      SET LOCAL statement_timeout = \(Int(timeout / .milliseconds(1)));
      SET LOCAL cursor_tuple_fraction = 1
      """)
    try line.assume("daybook_reader")
    let sql = """
      DECLARE \(name) NO SCROLL CURSOR FOR
      SELECT \(columns.map(expression).joined(separator: ", "))
      FROM (
      \(query.statement.text)
      ) AS answer
      """
    do {
      _ = try line.connection.pipeline([Statement(sql, parameters, isPrepared: false)])
    } catch {
      throw BookSchema.defect(query.name, error)
    }
  }

  /// The next rows with the names of the persons in them; empty at the end.
  static func fetch(
    _ columns: [QueryColumn], ledger: String, on line: BookSession.Line
  ) throws -> (rows: Rows, persons: [String: String]) {
    let rows = try line.connection.pipeline([
      Statement("FETCH FORWARD \(Self.rows) FROM \(name)", isPrepared: false)
    ])[0]
    var mentioned: Set<String> = []
    for (index, column) in columns.enumerated() where column.type == .person {
      for row in 0..<rows.count where !rows.isNull(row, index) { mentioned.insert(rows.string(row, index)) }
    }
    guard !mentioned.isEmpty else { return (rows, [:]) }
    try line.assume(line.ownRole)
    let found = try line.connection.execute(
      "SELECT token, value FROM daybook.persons WHERE ledger_id = $1 AND token = ANY ($2)",
      [.text(ledger), .texts(mentioned.sorted())])
    try line.assume("daybook_reader")
    return (
      rows,
      Dictionary(uniqueKeysWithValues: (0..<found.count).map { (found.string($0, 0), found.string($0, 1)) })
    )
  }

  /// Every column leaves Postgres as the text that the answer shows.
  private static func expression(_ column: QueryColumn) -> String {
    let name = Connection.quoted(column.name)
    return switch column.type {
    case .text, .person, .json, .boolean: "\(name)::text"
    case .date: "\(name)::date::text"
    case .integer: "trunc(\(name)::numeric)::text"
    case .amount: "trim_scale(\(name)::numeric)::text"
    case .timestamp: "to_char(\(name) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
    }
  }
}

extension BookSchema {
  /// An error of a query's SQL.
  static func defect(_ query: String, _ error: PostgresError) -> any Error {
    if error.sqlState == "57014" { return ProjectionError(.timeLimit, "the query \(query) takes too long") }
    if error.isTransient { return error }
    // undefined_table, invalid_schema_name
    if error.sqlState == "42P01" || error.sqlState == "3F000" { return SwappedAway(error: error) }
    return ProjectionError(.defect, "the query \(query): \(error.state) \(error.message)")
  }
}

/// The schema of a build was gone before its tables were opened: another build went live in between.
struct SwappedAway: Error {
  var error: PostgresError
}
