/// A parameter of a query.
public struct QueryParameter: Sendable {
  /// As in URLs and as `:name` in the SQL.
  public var name: String
  /// How its text is read and what SQL sees.
  public var type: ParameterType
  /// Refused when missing.
  public var isRequired: Bool
  /// Taken when missing, as text (lists joined by commas); nil binds NULL.
  public var defaultText: String?
  /// The only texts allowed; empty: any.
  public var allowed: [String]
  /// Bounds of an integer.
  public var minimum: Int64?
  /// Bounds of an integer.
  public var maximum: Int64?
  /// For people.
  public var description: String
}
