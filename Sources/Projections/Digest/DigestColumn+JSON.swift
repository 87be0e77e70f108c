import Domain
import Postgres

extension DigestColumn {
  /// The value as the digest writes it.
  func json(_ rows: Rows, _ row: Int, _ index: Int) -> JSON {
    if rows.isNull(row, index) { return .null }
    switch form {
    case .text: return .text(rows.string(row, index))
    case .boolean: return .boolean(rows.boolean(row, index))
    case .number:
      let text = rows.string(row, index)
      guard let value = Int64(text), value.magnitude <= 1 << 53 - 1 else { return .text(text) }
      return .integer(value)
    case .json:
      return (try? JSON(parsing: rows.bytes(row, index), limits: JSONLimits(depth: 64, bytes: 64 << 20)))
        ?? .text(rows.string(row, index))
    }
  }

  /// The value as text, whatever its type: what keys are compared by.
  var textExpression: String { form == .boolean ? "\(expression)::text" : expression }

  /// An object of the columns that are read from `start` on.
  static func object(_ columns: [DigestColumn], _ rows: Rows, _ row: Int, from start: Int = 0) -> JSON {
    .object(
      Dictionary(
        uniqueKeysWithValues: columns.enumerated().map { index, column in
          (ExactText(column.name), column.json(rows, row, start + index))
        }))
  }
}
