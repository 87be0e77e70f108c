/// What arithmetic with amounts can refuse.
public struct MoneyError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Which refusal.
  public struct Code: Sendable, Hashable, CustomStringConvertible {
    private enum Kind: String { case overflow, divisor, currency, weights }
    private let kind: Kind
    /// The result has more than 26 digits before its point.
    public static let overflow = Code(kind: .overflow)
    /// A divisor is not positive.
    public static let badDivisor = Code(kind: .divisor)
    /// Amounts of two currencies met.
    public static let currencyMismatch = Code(kind: .currency)
    /// Nothing to split by: weights are all zero, one is negative, or their sum does not fit.
    public static let badWeights = Code(kind: .weights)
    /// A stable name.
    public var description: String { kind.rawValue }
  }

  /// Which refusal.
  public let code: Code
  /// For people; holds no amounts.
  public let message: String

  /// Makes an error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  public var description: String { message }

  static let overflow = MoneyError(.overflow, "the amount needs more than 26 digits before its point")
}
