/// Which rows of a book are to be explained.
public struct ExplanationRequest: Sendable {
  /// Whose book.
  public var ledger: String
  /// The book.
  public var projection: String
  /// Which of its tables; nil for the first that has the key columns.
  public var table: String?
  /// Key columns with their values; what is left out is not looked at, so that several rows may be meant.
  public var key: [(name: String, value: String)]
  /// Rows as of here; nil as they are now.
  public var asOf: ReplayPoint?
  /// Only events after this position: `next` of the page before.
  public var after: Int64
  /// Events of one answer, and what shares the last one's position.
  public var limit: Int

  /// Makes a request.
  public init(
    ledger: String, projection: String, table: String? = nil, key: [(name: String, value: String)],
    asOf: ReplayPoint? = nil, after: Int64 = 0, limit: Int = 100
  ) {
    self.ledger = ledger
    self.projection = projection
    self.table = table
    self.key = key
    self.asOf = asOf
    self.after = after
    self.limit = limit
  }
}
