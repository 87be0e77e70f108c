/// A listed price: what one usage class of one model costs from a moment on.
public struct Price: Sendable, Hashable {
  /// The position of the `price.listed` event: the price's id, pinned by every cost line that used it.
  public var id: Int64
  public var provider: String?
  public var model: String
  /// A usage class of `usage`, such as `input_tokens`.
  public var usageClass: String
  /// Price of `per` units; zero is free, which is not the same as unknown.
  public var price: Money
  /// Units the price is for: 1,000,000 for `per_million`.
  public var per: Int64
  public var validFrom: Timestamp
  /// Makes a price.
  public init(
    id: Int64, provider: String?, model: String, usageClass: String, price: Money, per: Int64, validFrom: Timestamp
  ) {
    self.id = id
    self.provider = provider
    self.model = model
    self.usageClass = usageClass
    self.price = price
    self.per = per
    self.validFrom = validFrom
  }
}
