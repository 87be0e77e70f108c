/// Two points of a book's history that are to be compared.
public struct ComparisonRequest: Sendable {
  /// Whose book.
  public var ledger: String
  /// The book.
  public var projection: String
  /// One of its tables; nil for all.
  public var table: String?
  /// The earlier point.
  public var from: ReplayPoint
  /// The later point; nil for the head of the log.
  public var to: ReplayPoint?
  /// Differing rows to pass over: `next` of the page before. The order never changes while the points are positions.
  public var after: Int64
  /// Rows of one answer.
  public var limit: Int

  /// Makes a request.
  public init(
    ledger: String, projection: String, table: String? = nil, from: ReplayPoint, to: ReplayPoint?, after: Int64 = 0,
    limit: Int = 100
  ) {
    self.ledger = ledger
    self.projection = projection
    self.table = table
    self.from = from
    self.to = to
    self.after = after
    self.limit = limit
  }
}
