public import Domain

/// Every price that was ever listed, by model, and the other names of models.
///
/// Models are printable ASCII, for which `String`'s equality is that of the bytes.
public struct PriceBook: Sendable {
  private var models = Layered<String, ModelPrices>()
  /// Every alias that was ever given to a name, in order; the last one holds.
  private var names = Layered<PriceAlias.Name, [PriceAlias]>()
  private var learned = LearnedMoments()
  /// False while no alias was ever given: calls need not look for one then.
  private var hasNames = false

  init() {}

  /// A book of these prices, as if they had been listed in the order of their ids.
  init(_ prices: [Price]) {
    for price in prices.sorted(by: { $0.id < $1.id }) { list(price, recordedAt: .earliest) }
    merge()
  }

  init(_ models: [String: ModelPrices], _ aliases: [PriceAlias], _ learned: LearnedMoments) {
    self.models = Layered(models)
    names = Layered(Dictionary(grouping: aliases, by: \.name))
    hasNames = !aliases.isEmpty
    self.learned = learned
  }

  /// The prices that stand under exactly this name; nil where none do.
  public subscript(model: String) -> ModelPrices? { models[model] }

  /// The prices of a model as a provider serves it, by its exact name or an alias; nil where it has none.
  ///
  /// The exact name comes first, where it has prices of the provider or for any. Else the provider's alias, else one
  /// that holds for any provider. An alias leads to an exact name, never to another alias.
  public func prices(of model: String, provider: String?) -> ModelPrices? {
    let own = models[model]
    if !hasNames { return own }
    if let own, own.serves(provider) { return own }
    guard let target = alias(model, provider: provider)?.model else { return own }
    return models[target] ?? own
  }

  /// What another name stands for, for a provider; its own alias comes before one for any provider.
  public func alias(_ name: String, provider: String?) -> PriceAlias? {
    if provider != nil, let own = exactAlias(PriceAlias.Name(alias: name, provider: provider)), own.model != nil {
      return own
    }
    return exactAlias(PriceAlias.Name(alias: name, provider: nil))
  }

  /// The alias of exactly this name and provider.
  func exactAlias(_ name: PriceAlias.Name) -> PriceAlias? { names[name]?.last }

  /// The aliases that fit as they were when the log ended at a position, by name, then provider.
  public func aliases(asOf position: Int64 = .max, where fits: (PriceAlias) -> Bool) -> [PriceAlias] {
    names.values.compactMap { versions in
      versions.last { $0.position <= position }.flatMap { $0.model != nil && fits($0) ? $0 : nil }
    }.sorted { $0.name < $1.name }
  }

  /// Every model that has prices, in no particular order.
  public var allModels: [ModelPrices] { models.values }

  /// Every alias that was ever given, in no particular order.
  var allNames: [PriceAlias] { names.values.flatMap { $0 } }

  /// Every price, in the order of listing.
  public var all: [Price] { models.values.flatMap { $0.all }.sorted { $0.id < $1.id } }

  /// When the price with this id was recorded; nil for an id before every price's.
  public func recordedAt(_ id: Int64) -> Timestamp? { learned.recordedAt(id) }

  /// The last position that can have been known at a moment, as far as prices go.
  public func position(knownAt moment: Timestamp) -> Int64 { learned.position(at: moment) }

  // MARK: Changing

  mutating func list(_ price: Price, recordedAt: Timestamp) {
    var prices = models[price.model] ?? ModelPrices(price.model)
    prices.list(price)
    models[price.model] = prices
    learned.note(price.id, recordedAt)
  }

  mutating func name(_ alias: PriceAlias, recordedAt: Timestamp) {
    hasNames = true
    names[alias.name] = (names[alias.name] ?? []) + [alias]
    learned.note(alias.position, recordedAt)
  }

  mutating func merge() {
    models.merge()
    names.merge()
    learned.merge()
  }

  mutating func drop() {
    models.drop()
    names.drop()
    learned.drop()
  }

  // MARK: Committed

  /// The models that are committed, by the bytes of their names.
  var mergedModels: [ModelPrices] { models.merged.values.sorted { ExactText($0.model) < ExactText($1.model) } }
  /// Every alias that is committed, in the order of positions.
  var mergedNames: [PriceAlias] { names.merged.values.joined().sorted { $0.position < $1.position } }
  /// The recorded moments that are committed.
  var mergedMoments: LearnedMoments { learned.merged }
}
