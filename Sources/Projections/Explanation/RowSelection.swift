import Domain
import Postgres

/// Which rows of a table are meant: by some of its key columns, or by the whole keys of many.
struct RowSelection {
  /// Rows that one question may be about.
  static let most = 1000

  let table: TableDefinition
  /// The columns of the key, in its order.
  let key: [DigestColumn]
  private let meant: Meant

  private enum Meant {
    /// A key column has one of these texts.
    case columns([(column: DigestColumn, values: [String])])
    /// The key is one of these.
    case keys([[String]])
  }

  /// The rows with these whole keys, each in the order of the key.
  init(_ table: TableDefinition, key: [DigestColumn], keys: [[String]]) {
    self.table = table
    self.key = key
    meant = .keys(keys)
  }

  /// The rows whose key columns have these values: each given once, some may be left out.
  ///
  /// - Parameter tokens: The tokens of a person by the producer's name; asked for columns whose name ends in `_token`.
  init(
    _ table: TableDefinition, columns: [DigestColumn], given: [(name: String, value: String)],
    tokens: (String) throws -> [String]
  ) throws {
    self.table = table
    let key = Self.key(of: table, columns)
    self.key = key
    meant = .columns(
      try given.compactMap { name, value in
        guard let column = key.first(where: { $0.name == name }) else { return nil }
        return (column, name.hasSuffix("_token") && !value.isEmpty ? try tokens(value) + [value] : [value])
      })
  }

  /// The columns of a table's key, in the order of the key.
  static func key(of table: TableDefinition, _ columns: [DigestColumn]) -> [DigestColumn] {
    table.key.compactMap { name in columns.first { $0.name == name } }
  }

  /// The table that has all of these key columns: the named one, or the first; all faults at once.
  static func table(
    _ named: String?, given: [(name: String, value: String)], in definition: ProjectionDefinition,
    asksForKey: Bool = true
  ) throws -> TableDefinition {
    var faults: [ParameterFault] = []
    let names = Set(given.map { ExactText($0.name) })
    func has(_ table: TableDefinition) -> Bool { names.isSubset(of: table.key.map { ExactText($0) }) }
    let chosen: TableDefinition?
    if let named {
      chosen = definition.tables.first { ExactText($0.name) == ExactText(named) }
      if chosen == nil {
        let known = definition.tables.map(\.name).joined(separator: ", ")
        faults.append(ParameterFault(parameter: "table", code: "enum", detail: "must be of \(known)"))
      }
    } else {
      chosen = definition.tables.first(where: has) ?? definition.tables.first
    }
    if let chosen, !has(chosen) {
      for name in names.sorted() where !chosen.key.contains(where: { ExactText($0) == name }) {
        faults.append(
          ParameterFault(
            parameter: name.string, code: "unknown",
            detail: "is no key column of \(chosen.name); these are \(chosen.key.joined(separator: ", "))"))
      }
    }
    if names.count < given.count {
      faults.append(ParameterFault(parameter: "key", code: "repeated", detail: "each key column may be given once"))
    }
    if asksForKey, names.isEmpty, let chosen {
      faults.append(
        ParameterFault(
          parameter: chosen.key.first ?? "key", code: "required",
          detail: "give at least one key column of \(chosen.name): \(chosen.key.joined(separator: ", "))"))
    }
    guard faults.isEmpty, let chosen else {
      throw ProjectionError(.badParameters, "\(definition.name):", faults: faults)
    }
    return chosen
  }

  /// The condition on columns under their own names, with parameters numbered from `number` on.
  func condition(from number: Int) -> (sql: String, parameters: [Parameter]) {
    switch meant {
    case .columns(let columns):
      let terms = columns.enumerated().map { "(\($1.column.textExpression)) = ANY ($\(number + $0)::text[])" }
      return (terms.isEmpty ? "true" : terms.joined(separator: " AND "), columns.map { .texts($0.values) })
    case .keys(let keys):
      let arrays = key.indices.map { "$\(number + $0)::text[]" }.joined(separator: ", ")
      let columns = key.map { "(\($0.textExpression))" }.joined(separator: ", ")
      return (
        "(\(columns)) IN (SELECT * FROM unnest(\(arrays)))",
        key.indices.map { index in .texts(keys.map { $0[index] }) }
      )
    }
  }

  /// The rows as they are in a schema, by key, up to ``most``.
  func rows(in schema: String, ledger: String, columns: [DigestColumn], on connection: Connection) throws -> [JSON] {
    let (condition, parameters) = condition(from: 2)
    let found = try connection.execute(
      """
      SELECT \(columns.map(\.expression).joined(separator: ", "))
      FROM \(schema).\(table.name)
      WHERE ledger_id = $1 AND \(condition)
      ORDER BY \(key.map { "\($0.textExpression) COLLATE \"C\"" }.joined(separator: ", "))
      LIMIT \(Self.most)
      """, [.text(ledger)] + parameters, isPrepared: false)
    return (0..<found.count).map { DigestColumn.object(columns, found, $0) }
  }
}
