public import Domain

/// The most that a call is expected to use.
public struct SpendEstimate: Sendable, Equatable {
  /// nil: the price is not known.
  public var cost: Money?
  /// Tokens of all classes.
  public var tokens: Int64

  /// Makes an estimate.
  public init(cost: Money?, tokens: Int64) {
    self.cost = cost
    self.tokens = tokens
  }
}
