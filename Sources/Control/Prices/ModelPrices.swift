public import Domain

/// The dated prices of one model: a sorted series for each usage class, provider, kind of service and context tier.
public struct ModelPrices: Sendable {
  /// What a series is of; everything but the model.
  struct Kind: Sendable, Hashable {
    var usageClass: UsageClass
    var serviceTier: ServiceTier
    var contextAbove: Int64
    /// nil: any.
    var provider: String?

    /// True where it can be the price of a call to a provider on these terms.
    func holds(provider: String?, _ terms: CallTerms) -> Bool {
      serviceTier == terms.serviceTier && (contextAbove == 0 || contextAbove < terms.contextTokens)
        && (self.provider == nil || self.provider == provider)
    }

    /// True where it is taken rather than another that holds too.
    func precedes(_ other: Kind) -> Bool {
      if (provider == nil) != (other.provider == nil) { return other.provider == nil }
      return contextAbove > other.contextAbove
    }
  }

  /// One price of a series, without what all of the series share.
  struct Entry: Sendable, Hashable {
    var id: Int64
    var validFrom: Timestamp
    var per: Int64
    var price: Money
  }

  /// The prices of one kind.
  struct Series: Sendable {
    let kind: Kind
    /// By `validFrom`, then position: of those valid at a time, the last is in force.
    private(set) var entries: [Entry]

    init(_ kind: Kind, _ entries: [Entry]) {
      self.kind = kind
      self.entries = entries
    }

    /// The entry in force at a moment: the latest `validFrom` not after it, and of equals the later position.
    func inForce(at moment: Timestamp) -> Entry? {
      if let last = entries.last, last.validFrom <= moment { return last }
      let count = countValid(at: moment)
      return count == 0 ? nil : entries[count - 1]
    }

    /// The same as it was believed when the log ended at a position.
    func inForce(at moment: Timestamp, asOf position: Int64) -> Entry? {
      entries[..<countValid(at: moment)].last { $0.id <= position }
    }

    private func countValid(at moment: Timestamp) -> Int {
      var low = 0
      var high = entries.count
      while low < high {
        let middle = (low + high) / 2
        if entries[middle].validFrom <= moment { low = middle + 1 } else { high = middle }
      }
      return low
    }

    var newest: Int64 { entries.reduce(0) { max($0, $1.id) } }

    mutating func insert(_ entry: Entry) {
      let place = countValid(at: entry.validFrom)
      // Positions ascend: of one date, the newest stands last.
      entries.insert(entry, at: place)
    }
  }

  /// The model's exact name.
  public let model: String
  /// A model has a handful of kinds: looking through them beats hashing.
  private(set) var series: [Series] = []

  init(_ model: String) { self.model = model }

  /// The price of a class in force at a moment, for a call on these terms.
  ///
  /// The provider's own comes before one that holds for any provider, and of those the one of the highest context tier
  /// that the call is in. A price of another kind of service is no price.
  public func price(
    of usageClass: UsageClass, provider: String?, at moment: Timestamp, terms: CallTerms = CallTerms()
  ) -> Price? {
    var best: (index: Int, entry: Entry)?
    // By index: a series has references, and a copy of it counts each of them up and down.
    for index in series.indices where series[index].kind.usageClass == usageClass {
      guard series[index].kind.holds(provider: provider, terms) else { continue }
      if let best, !series[index].kind.precedes(series[best.index].kind) { continue }
      if let entry = series[index].inForce(at: moment) { best = (index, entry) }
    }
    return best.map { price(series[$0.index].kind, $0.entry) }
  }

  /// True where a call to this provider can have a price: one of its own, or one for any.
  func serves(_ provider: String?) -> Bool {
    series.contains { $0.kind.provider == nil || $0.kind.provider == provider }
  }

  /// The position of the newest price; 0 where there is none.
  var newest: Int64 { series.reduce(0) { max($0, $1.newest) } }

  /// The providers that have prices of their own.
  var providers: Set<String> { Set(series.compactMap(\.kind.provider)) }

  /// A price as it stands alone.
  func price(_ kind: Kind, _ entry: Entry) -> Price {
    Price(
      id: entry.id, provider: kind.provider, model: model, usageClass: kind.usageClass.rawValue,
      serviceTier: kind.serviceTier, contextAbove: kind.contextAbove, price: entry.price, per: entry.per,
      validFrom: entry.validFrom)
  }

  /// Every price, kind after kind.
  public var all: [Price] { series.flatMap { series in series.entries.map { price(series.kind, $0) } } }

  /// Adds a price, whose position is higher than every other's.
  mutating func list(_ price: Price) {
    guard let usageClass = UsageClass(rawValue: price.usageClass) else {
      preconditionFailure("the price at \(price.id) is of no usage class")
    }
    let kind = Kind(
      usageClass: usageClass, serviceTier: price.serviceTier, contextAbove: price.contextAbove,
      provider: price.provider)
    let entry = Entry(id: price.id, validFrom: price.validFrom, per: price.per, price: price.price)
    if let place = series.firstIndex(where: { $0.kind == kind }) {
      series[place].insert(entry)
    } else {
      series.append(Series(kind, [entry]))
    }
  }

  /// Puts a whole series back, as a snapshot has it.
  mutating func restore(_ series: Series) { self.series.append(series) }
}
