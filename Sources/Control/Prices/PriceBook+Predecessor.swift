import Domain

extension PriceBook {
  /// The price in force where a price is to hold, as calls of its own kind find it today: under its own name, or under the
  /// one that its name stands for whoever serves it.
  func predecessor(of price: Price) -> Price? {
    guard let usageClass = UsageClass(rawValue: price.usageClass) else { return nil }
    let terms = CallTerms(
      serviceTier: price.serviceTier, contextTokens: price.contextAbove == 0 ? 0 : price.contextAbove + 1)
    func found(_ model: String?) -> Price? {
      model.flatMap { self[$0] }?.price(of: usageClass, provider: price.provider, at: price.validFrom, terms: terms)
    }
    return found(price.model) ?? found(alias(price.model, provider: nil)?.model)
  }

  /// True where a price of exactly this kind is in force where a price is to hold.
  func isListed(_ price: Price) -> Bool {
    predecessor(of: price).map { PriceKind($0) == PriceKind(price) } ?? false
  }
}
