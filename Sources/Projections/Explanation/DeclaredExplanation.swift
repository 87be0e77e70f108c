import Domain
import Postgres

/// Runs a table's `explain` statement over a part of the log.
struct DeclaredExplanation {
  private let statement: SQLStatement
  private let selection: RowSelection
  private let ledger: String
  private let origin: String
  private let connection: Connection
  /// What the statement gives besides key and position: what an event contributed to columns of the table.
  private let contributions: [DigestColumn]

  /// Asks what the statement gives; `search_path` must point at the book.
  ///
  /// - Throws: ``ProjectionError`` `defect` where that is not what it must be.
  init(
    _ statement: SQLStatement, _ selection: RowSelection, columns: [DigestColumn], ledger: String,
    of definition: ProjectionDefinition, on connection: Connection
  ) throws {
    self.statement = statement
    self.selection = selection
    self.ledger = ledger
    self.connection = connection
    origin = "the explanation of \(definition.name)/\(selection.table.name)"
    let probe = try Self.run(
      "SELECT * FROM (\n\(statement.text)\n) AS e LIMIT 0", statement, ledger, 0, 0, [], origin, connection)
    let types = try connection.execute(
      "SELECT n::oid::regtype::text FROM unnest($1::bigint[]) WITH ORDINALITY AS t (n, i) ORDER BY i",
      [.int64s(probe.columnTypes.map { Int64($0) })])
    let given = probe.columnNames.enumerated().map { DigestColumn.column($1, type: types.string($0, 0)) }
    for name in selection.table.key + ["position"] where !given.contains(where: { $0.name == name }) {
      throw ProjectionError(.defect, "\(origin) does not give the column \(name)")
    }
    contributions = given.filter { $0.name != "position" && !selection.table.key.contains($0.name) }
    for column in contributions where !columns.contains(where: { $0.name == column.name }) {
      throw ProjectionError(.defect, "\(origin) gives \(column.name), which is no column of the table")
    }
  }

  private static func run(
    _ sql: String, _ statement: SQLStatement, _ ledger: String, _ floor: Int64, _ ceiling: Int64, _ more: [Parameter],
    _ origin: String, _ connection: Connection
  ) throws -> Rows {
    let bound: [Parameter] = statement.parameters.map { name in
      switch name {
      case "ledger": .text(ledger)
      case "floor": .int64(floor)
      default: .int64(ceiling)
      }
    }
    do { return try connection.execute(sql, bound + more, isPrepared: false) } catch {
      if error.isTransient { throw error }
      throw ProjectionError(.defect, "\(origin): \(error.state) \(error.message)")
    }
  }

  /// The chosen rows' events after `floor` up to `ceiling`, in order, `most` of them and what shares the last one's position.
  func events(_ floor: Int64, _ ceiling: Int64, most: Int) throws -> [ExplainedEvent] {
    let used = statement.parameters.count
    let (condition, parameters) = selection.condition(from: used + 2)
    let columns = selection.key + contributions
    let found = try Self.run(
      """
      SELECT found.*, e.id, e.type, e.subject, e.recorded_at
      FROM (
        SELECT "position" AS daybook_position, \(Self.list(columns))
        FROM (
      \(statement.text)
        ) AS explained
        WHERE \(condition)
      ) AS found
      JOIN daybook.events AS e ON e.ledger_id = $\(used + 1) AND e.position = found.daybook_position
      ORDER BY found.daybook_position
      FETCH FIRST \(most) ROWS WITH TIES
      """, statement, ledger, floor, ceiling, [.text(ledger)] + parameters, origin, connection)
    let end = 1 + columns.count
    return (0..<found.count).map { row in
      ExplainedEvent(
        position: found.int64(row, 0), id: found.string(row, end), type: found.string(row, end + 1),
        subject: found.string(row, end + 2), recordedTime: Timestamp(microseconds: found.timestamp(row, end + 3)),
        key: DigestColumn.object(selection.key, found, row, from: 1),
        effect: contributions.isEmpty
          ? .none : .contribution(DigestColumn.object(contributions, found, row, from: 1 + selection.key.count)))
    }
  }

  /// Positions by the key's texts, in order, `most` and one more for each key.
  func positions(_ floor: Int64, _ ceiling: Int64, most: Int) throws -> [[ExactText]: [Int64]] {
    let used = statement.parameters.count
    let (condition, parameters) = selection.condition(from: used + 1)
    let names = selection.key.indices.map { "k\($0)" }.joined(separator: ", ")
    let found = try Self.run(
      """
      SELECT daybook_position, \(names)
      FROM (
        SELECT *, row_number() OVER (PARTITION BY \(names) ORDER BY daybook_position) AS place
        FROM (
          SELECT DISTINCT
            "position" AS daybook_position,
            \(selection.key.enumerated().map { "\($1.textExpression) AS k\($0)" }.joined(separator: ", "))
          FROM (
      \(statement.text)
          ) AS explained
          WHERE \(condition)
        ) AS found
      ) AS placed
      WHERE place <= \(most + 1)
      ORDER BY daybook_position
      """, statement, ledger, floor, ceiling, parameters, origin, connection)
    var positions: [[ExactText]: [Int64]] = [:]
    for row in 0..<found.count {
      positions[selection.key.indices.map { ExactText(found.string(row, 1 + $0)) }, default: []].append(
        found.int64(row, 0))
    }
    return positions
  }

  private static func list(_ columns: [DigestColumn]) -> String {
    columns.enumerated().map { "\($1.expression) AS c\($0)" }.joined(separator: ", ")
  }
}
