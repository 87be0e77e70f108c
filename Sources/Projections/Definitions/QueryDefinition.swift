/// A question that may be asked of a book.
public struct QueryDefinition: Sendable {
  /// `[a-z][a-z0-9_]{0,39}`; the last part of its URL.
  public var name: String
  /// A few words.
  public var title: String
  /// What it answers.
  public var description: String
  /// What may be given.
  public var parameters: [QueryParameter]
  /// What the rows hold, in order.
  public var columns: [QueryColumn]

  var statement: SQLStatement
}

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

/// Types of parameters; `person` is given as the producer's own name for the person and reaches SQL as the token.
public enum ParameterType: String, Sendable, CaseIterable {
  case text, texts, date, integer, boolean, person, timestamp
}

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

/// Types of columns. Amounts are decimal strings, integers numbers, days `YYYY-MM-DD`, timestamps RFC 3339 in UTC;
/// `person` holds a token in SQL and the producer's own name for the person in answers, as long as it is known.
public enum ColumnType: String, Sendable, CaseIterable {
  case text, date, integer, amount, json, person, timestamp, boolean
}
