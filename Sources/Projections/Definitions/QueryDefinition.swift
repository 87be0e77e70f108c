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
