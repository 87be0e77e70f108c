/// A column of an answer.
public struct QueryColumn: Sendable, Equatable {
  /// As in the SQL and in the answer.
  public var name: String
  /// How it is written.
  public var type: ColumnType
  /// What it means, with its unit.
  public var description: String
  /// The name of a `texts` parameter: the column is there only if that list has the column's name. nil: always there.
  public var presentIfListedIn: String?
}
