/// A table of a projection.
public struct TableDefinition: Sendable, Equatable {
  /// The projection's name, or that name, `_` and more; also the name of its view in the schema `books`.
  public var name: String
  /// What one row is.
  public var description: String
  /// Columns that tell rows of one ledger apart, in the order of the digest. `ledger_id` comes before them.
  public var key: [String]

  /// Gives the key columns, `position` and, as columns of the table, what each event contributed; nil: found by folding.
  var explainStatement: SQLStatement?
}
