public import Domain

/// The dated prices of one model: a sorted series for each usage class and provider.
public struct ModelPrices: Sendable {
  /// The prices of one class, from one provider or from any.
  struct Series: Sendable {
    var usageClass: UsageClass
    var provider: String?
    /// By `validFrom`, then position: of those valid at a time, the last is in force.
    var prices: [Price]

    /// The price in force at a moment: the latest `validFrom` not after it, and of equals the later position.
    func inForce(at moment: Timestamp) -> Price? {
      if let last = prices.last, last.validFrom <= moment { return last }
      var low = 0
      var high = prices.count
      while low < high {
        let middle = (low + high) / 2
        if prices[middle].validFrom <= moment { low = middle + 1 } else { high = middle }
      }
      return low == 0 ? nil : prices[low - 1]
    }

    mutating func insert(_ price: Price) {
      let place =
        prices.firstIndex { ($0.validFrom, $0.id) > (price.validFrom, price.id) } ?? prices.endIndex
      prices.insert(price, at: place)
    }
  }

  /// A model has a handful of classes and providers: looking through them beats hashing.
  private(set) var series: [Series] = []

  /// The price of a class in force at a moment; the provider's own before one that holds for any provider.
  public func price(of usageClass: UsageClass, provider: String?, at moment: Timestamp) -> Price? {
    var general: Price?
    for candidate in series where candidate.usageClass == usageClass {
      if let own = candidate.provider {
        if own == provider, let price = candidate.inForce(at: moment) { return price }
      } else {
        general = candidate.inForce(at: moment)
      }
    }
    return general
  }

  /// Adds a price.
  mutating func list(_ price: Price) {
    guard let usageClass = UsageClass(rawValue: price.usageClass) else {
      preconditionFailure("the price at \(price.id) is of no usage class")
    }
    if let place = series.firstIndex(where: { $0.usageClass == usageClass && $0.provider == price.provider }) {
      series[place].insert(price)
    } else {
      series.append(Series(usageClass: usageClass, provider: price.provider, prices: [price]))
    }
  }
}
