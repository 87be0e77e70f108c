public import Domain

/// A price to list: what one usage class of one model costs from a moment on.
public struct ListedPrice: Sendable, Hashable {
  /// The model, by its exact name.
  public var model: String
  /// The provider; any where it is nil.
  public var provider: String?
  /// A class of ``Usage``, such as `input_tokens`.
  public var usageClass: String
  /// The kind of service that it is the price of.
  public var serviceTier: ServiceTier
  /// It holds for calls with more input plus cache tokens than this; 0: for any call, unless a higher tier holds.
  public var contextAbove: Int64
  /// The price of `per` units; zero is free.
  public var price: Money
  /// Units that the price is for, such as 1,000,000.
  public var per: Int64
  /// From when it holds.
  public var validFrom: Timestamp

  /// Makes a price.
  public init(
    model: String, provider: String? = nil, usageClass: String, serviceTier: ServiceTier = .standard,
    contextAbove: Int64 = 0, price: Money, per: Int64, validFrom: Timestamp
  ) {
    self.model = model
    self.provider = provider
    self.usageClass = usageClass
    self.serviceTier = serviceTier
    self.contextAbove = contextAbove
    self.price = price
    self.per = per
    self.validFrom = validFrom
  }

  var json: JSON {
    .object([
      "model": .text(model), "provider": provider.map { .text($0) }, "usage_class": .text(usageClass),
      "service_tier": serviceTier == .standard ? nil : .text(serviceTier.rawValue),
      "context_above": contextAbove == 0 ? nil : .integer(contextAbove),
      "price": .object([
        "amount": .text(price.amount.description), "currency": .text(price.currency.code),
      ]),
      "per": .integer(per), "valid_from": .text(validFrom.description),
    ])
  }
}
