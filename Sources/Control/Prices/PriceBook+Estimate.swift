public import Domain

extension PriceBook {
  /// What a call with this usage would cost by the prices in force at a moment, computed as its completion's cost would be.
  ///
  /// Where no provider is named, the dearest of those that have prices counts: a reservation is for the worst case.
  ///
  /// - Parameters:
  ///   - usage: the classes that are expected, each once; a quantity of zero needs no price.
  ///   - model: the exact name or an alias.
  ///   - provider: who serves it; nil where that is not known.
  ///   - serviceTier: the kind of service that is asked for.
  ///   - moment: when the call happens.
  /// - Returns: the cost, or nil where it is unknown (never zero for unknown), and the ids of the prices that were used,
  ///   ascending.
  public func estimate(
    usage: [(usageClass: UsageClass, quantity: Int64)], model: String, provider: String?,
    serviceTier: ServiceTier = .standard, at moment: Timestamp
  ) -> (cost: Money?, priceIDs: [Int64]) {
    guard let prices = prices(of: model, provider: provider) else { return (nil, []) }
    let terms = CallTerms(serviceTier: serviceTier, usage: usage)
    let own = Self.estimate(usage, prices, provider, terms, moment)
    guard provider == nil else { return own }
    var dearest = own
    for provider in prices.providers.sorted() {
      let other = Self.estimate(usage, prices, provider, terms, moment)
      guard let cost = other.cost else { continue }
      guard let most = dearest.cost else {
        dearest = other
        continue
      }
      // Amounts of two currencies have no order: which of them is the worst case is unknown.
      guard most.currency == cost.currency else { return (nil, []) }
      if most.amount < cost.amount { dearest = other }
    }
    return dearest
  }

  private static func estimate(
    _ usage: [(usageClass: UsageClass, quantity: Int64)], _ prices: ModelPrices, _ provider: String?,
    _ terms: CallTerms, _ moment: Timestamp
  ) -> (cost: Money?, priceIDs: [Int64]) {
    let cost = CompletionCost.derive(usage: usage, reported: nil) {
      prices.price(of: $0, provider: provider, at: moment, terms: terms)
    }
    guard case .computed(let money, let lines) = cost else { return (nil, []) }
    return (money, Set(lines.map(\.price.id)).sorted())
  }
}
