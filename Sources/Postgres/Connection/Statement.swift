/// A statement of a pipeline.
public struct Statement: Sendable {
  /// The SQL, with parameters as `$1`, `$2`, ….
  public var sql: String
  /// What is bound to them.
  public var parameters: [Parameter]
  /// False for statements that run once: they are not kept prepared.
  public var isPrepared: Bool
  /// How Postgres sends the values of the rows.
  public var resultFormat: ResultFormat
  /// Makes a statement.
  public init(
    _ sql: String, _ parameters: [Parameter] = [], isPrepared: Bool = true, resultFormat: ResultFormat = .binary
  ) {
    self.sql = sql
    self.parameters = parameters
    self.isPrepared = isPrepared
    self.resultFormat = resultFormat
  }
}

/// How Postgres sends the values of rows.
public enum ResultFormat: Int32, Sendable {
  /// Postgres's own spelling: for columns of any type, where the caller does not know them beforehand.
  case text = 0
  /// The wire form: quick, for the types that ``Rows`` knows.
  case binary = 1
}
