import Domain

extension PriceBook {
  /// The price in force where a price is to hold, as calls of its own kind find it today.
  func predecessor(of price: Price) -> Price? {
    guard let usageClass = UsageClass(rawValue: price.usageClass) else { return nil }
    let terms = CallTerms(
      serviceTier: price.serviceTier, contextTokens: price.contextAbove == 0 ? 0 : price.contextAbove + 1)
    return self[price.model]?.price(of: usageClass, provider: price.provider, at: price.validFrom, terms: terms)
  }

  /// True where a price of exactly this kind is in force where a price is to hold.
  func isListed(_ price: Price) -> Bool {
    predecessor(of: price).map { PriceKind($0) == PriceKind(price) } ?? false
  }
}
