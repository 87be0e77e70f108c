/// A question to a book.
public struct BookRequest: Sendable {
  /// Which ledger's book.
  public var ledger: String
  /// The projection's name.
  public var projection: String
  /// The query's name; nil for the projection's first.
  public var query: String?
  /// Parameters as texts, in the order given; a name may repeat for lists.
  public var parameters: [(name: String, value: String)]
  /// Waits until the book reflects this position, within ``BookLimits/minPositionWait``.
  public var minPosition: Int64?
  /// Answers from a replay of the log up to here instead of the live book.
  public var asOf: ReplayPoint?

  /// Makes a question.
  public init(
    ledger: String, projection: String, query: String? = nil, parameters: [(name: String, value: String)] = [],
    minPosition: Int64? = nil, asOf: ReplayPoint? = nil
  ) {
    self.ledger = ledger
    self.projection = projection
    self.query = query
    self.parameters = parameters
    self.minPosition = minPosition
    self.asOf = asOf
  }
}
