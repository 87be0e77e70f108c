/// A listed price: what one usage class of one model costs from a moment on.
public struct Price: Sendable, Hashable {
  /// The position of the `price.listed` event: the price's id, pinned by every cost line that used it.
  public var id: Int64
  /// The provider it holds for; nil for any.
  public var provider: String?
  /// The exact name of the model.
  public var model: String
  /// A usage class of `usage`, such as `input_tokens`.
  public var usageClass: String
  /// The kind of service that it is the price of.
  public var serviceTier: ServiceTier
  /// It holds for calls with more input plus cache tokens than this; 0: for any call, unless a higher tier holds.
  public var contextAbove: Int64
  /// Price of `per` units; zero is free, which is not the same as unknown.
  public var price: Money
  /// Units the price is for, at least 1: 1,000,000 for `per_million`.
  public var per: Int64
  /// From when it holds.
  public var validFrom: Timestamp

  /// Largest number of units that a price is for: enough that a price per token with 24 decimals is exact.
  public static let mostUnits: Int64 = 1_000_000_000_000

  /// Makes a price.
  public init(
    id: Int64, provider: String?, model: String, usageClass: String, serviceTier: ServiceTier = .standard,
    contextAbove: Int64 = 0, price: Money, per: Int64, validFrom: Timestamp
  ) {
    self.id = id
    self.provider = provider
    self.model = model
    self.usageClass = usageClass
    self.serviceTier = serviceTier
    self.contextAbove = contextAbove
    self.price = price
    self.per = per
    self.validFrom = validFrom
  }

  /// What a quantity costs, rounded half-even at the twelfth place.
  ///
  /// - Throws: `overflow`; `badDivisor` where `per` is not positive.
  public func cost(of quantity: Int64) throws(MoneyError) -> Money {
    Money(try price.amount.multiplied(by: quantity, per: per, rounding: .halfEven), price.currency)
  }
}
