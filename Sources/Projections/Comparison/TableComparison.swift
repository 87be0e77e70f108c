import Domain
import Postgres

/// Compares a table in two schemas, row by row and column by column, as the digest writes them.
struct TableComparison {
  let table: TableDefinition
  let ledger: String
  let connection: Connection
  let columns: [DigestColumn]
  let key: [DigestColumn]
  private let sides: String

  init(
    _ table: TableDefinition, _ before: ScratchBook, _ after: ScratchBook, on connection: Connection
  ) throws {
    self.table = table
    ledger = after.ledger
    self.connection = connection
    let columns = try DigestColumn.read(after.schema, table.name, on: connection)
    self.columns = columns
    key = RowSelection.key(of: table, columns)
    let expressions = (["true AS is_there"] + columns.enumerated().map { "\($1.expression) AS c\($0)" })
      .joined(separator: ", ")
    let keys = table.key.map(Connection.quoted).joined(separator: ", ")
    let values = { (side: String) in columns.indices.map { "\(side).c\($0)" }.joined(separator: ", ") }
    sides = """
      FROM (
        SELECT \(keys), \(expressions) FROM \(before.schema).\(table.name) WHERE ledger_id = $1
      ) AS before
      FULL JOIN (
        SELECT \(keys), \(expressions) FROM \(after.schema).\(table.name) WHERE ledger_id = $1
      ) AS after USING (\(keys))
      WHERE (before.is_there, \(values("before"))) IS DISTINCT FROM (after.is_there, \(values("after")))
      """
  }

  /// How many rows were added, removed and changed.
  func counts() throws -> (added: Int64, removed: Int64, changed: Int64) {
    let rows = try connection.execute(
      """
      SELECT
        count(*) FILTER (WHERE before.is_there IS NULL),
        count(*) FILTER (WHERE after.is_there IS NULL),
        count(*) FILTER (WHERE before.is_there AND after.is_there)
      \(sides)
      """, [.text(ledger)], isPrepared: false)
    return (rows.int64(0, 0), rows.int64(0, 1), rows.int64(0, 2))
  }

  /// The differing rows in the order of their keys.
  func rows(after offset: Int64, limit: Int64) throws -> [RowDifference] {
    let order = table.key.map { name in
      key.first { $0.name == name }?.isText == true
        ? "\(Connection.quoted(name)) COLLATE \"C\"" : Connection.quoted(name)
    }
    let texts = key.map { $0.textExpression }.joined(separator: ", ")
    let values = { (side: String) in columns.indices.map { "\(side).c\($0)" }.joined(separator: ", ") }
    let found = try connection.execute(
      """
      SELECT before.is_there, after.is_there, \(texts), \(values("before")), \(values("after"))
      \(sides)
      ORDER BY \(order.joined(separator: ", "))
      OFFSET $2
      LIMIT $3
      """, [.text(ledger), .int64(offset), .int64(limit)], isPrepared: false)
    return (0..<found.count).map { difference(found, $0) }
  }

  private func difference(_ rows: Rows, _ row: Int) -> RowDifference {
    let (hasBefore, hasAfter) = (!rows.isNull(row, 0), !rows.isNull(row, 1))
    let start = 2 + key.count
    let old = DigestColumn.object(columns, rows, row, from: start)
    let new = DigestColumn.object(columns, rows, row, from: start + columns.count)
    let shown = hasAfter ? new : old
    return RowDifference(
      table: table.name, keyTexts: key.indices.map { ExactText(rows.string(row, 2 + $0)) },
      key: .object(Dictionary(uniqueKeysWithValues: key.map { (ExactText($0.name), shown[$0.name] ?? .null) })),
      change: !hasBefore ? .added : !hasAfter ? .removed : .changed,
      columns: columns.filter { column in !table.key.contains(column.name) && old[column.name] != new[column.name] }
        .map { ($0.name, old[$0.name] ?? .null, new[$0.name] ?? .null) })
  }
}
