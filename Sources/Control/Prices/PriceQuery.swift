public import Domain

/// What somebody wants to know of the prices: what is, what was, and what was believed.
public struct PriceQuery: Sendable, Equatable {
  /// A place in the list, which is in the order of models, then of price ids.
  public struct Place: Sendable, Equatable, CustomStringConvertible {
    /// The model of the last price that was seen.
    public var model: String
    /// Its id.
    public var id: Int64

    /// Makes a place.
    public init(model: String, id: Int64) { (self.model, self.id) = (model, id) }

    /// Reads `id:model`; nil for anything else.
    public init?(_ text: String) {
      let parts = text.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, let id = Int64(parts[0]), id > 0 else { return nil }
      self.init(model: String(parts[1]), id: id)
    }

    /// `id:model`.
    public var description: String { "\(id):\(model)" }
  }

  /// Only prices of this model, by its exact name or by another one; nil: of every model.
  public var model: String?
  /// Only prices that hold for this provider: its own, and those for any; nil: of every provider.
  public var provider: String?
  /// Only the prices in force at this moment; nil: every price that was ever listed.
  public var at: Timestamp?
  /// As was believed when the log ended here.
  public var asOf: Int64
  /// Only what follows this place.
  public var after: Place?
  /// Most prices of the answer, at least 1.
  public var limit: Int

  /// Asks for everything; narrow it by its members.
  public init(
    model: String? = nil, provider: String? = nil, at: Timestamp? = nil, asOf: Int64 = .max, after: Place? = nil,
    limit: Int = .max
  ) {
    self.model = model
    self.provider = provider
    self.at = at
    self.asOf = asOf
    self.after = after
    self.limit = limit
  }
}

/// A page of prices.
public struct PricePage: Sendable, Equatable {
  /// A price with what the ledger knows of it.
  public struct Row: Sendable, Equatable {
    /// The price.
    public var price: Price
    /// When it was recorded.
    public var recordedAt: Timestamp
  }

  /// In the order of models, by bytes, then of ids.
  public var rows: [Row]
  /// Where the next page starts; nil where there is none.
  public var next: PriceQuery.Place?
  /// The aliases that lead to a model of this page, or are the name that was asked for, as far as they were known; at
  /// most `PriceBook.mostAliases`.
  public var aliases: [PriceAlias]
}

extension PriceBook {
  /// Most aliases of one answer.
  public static let mostAliases = 10_000

  /// Answers a query; costs as much as there are models, and as the answer is long.
  public func page(_ query: PriceQuery) -> PricePage {
    var rows: [PricePage.Row] = []
    var next: PriceQuery.Place?
    for prices in models(query) where next == nil {
      let left = query.limit - rows.count
      let found = prices.prices(query)
      rows += found.prefix(left).map { PricePage.Row(price: $0, recordedAt: recordedAt($0.id) ?? .earliest) }
      if found.count > left { next = rows.last.map { PriceQuery.Place(model: $0.price.model, id: $0.price.id) } }
    }
    let shown = Set(rows.map(\.price.model))
    let aliases = aliases(asOf: query.asOf) { $0.name.alias == query.model || shown.contains($0.model ?? "") }
    return PricePage(rows: rows, next: next, aliases: Array(aliases.prefix(Self.mostAliases)))
  }

  /// The models that can have a part in the answer, in order.
  private func models(_ query: PriceQuery) -> [ModelPrices] {
    var found: [ModelPrices]
    if let name = query.model {
      var names: Set<String> = [name]
      for alias in aliases(asOf: query.asOf, where: { $0.name.alias == name }) {
        guard query.provider == nil || alias.name.provider == nil || alias.name.provider == query.provider else {
          continue
        }
        if let model = alias.model { names.insert(model) }
      }
      found = names.compactMap { self[$0] }
    } else {
      found = allModels
    }
    if let after = query.after {
      let first = ExactText(after.model)
      found.removeAll { ExactText($0.model) < first }
    }
    return found.sorted { ExactText($0.model) < ExactText($1.model) }
  }
}

extension ModelPrices {
  /// The prices that a query asks for, in the order of ids.
  fileprivate func prices(_ query: PriceQuery) -> [Price] {
    var found: [Price] = []
    for series in series {
      let kind = series.kind
      if let provider = query.provider, let own = kind.provider, own != provider { continue }
      if let moment = query.at {
        if let entry = series.inForce(at: moment, asOf: query.asOf) { found.append(price(kind, entry)) }
      } else {
        found += series.entries.filter { $0.id <= query.asOf }.map { price(kind, $0) }
      }
    }
    if let after = query.after, after.model == model { found.removeAll { $0.id <= after.id } }
    return found.sorted { $0.id < $1.id }
  }
}
