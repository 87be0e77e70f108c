public import Domain

/// Every price that was ever listed, by model, and the other names of models.
///
/// Models are printable ASCII, for which `String`'s equality is that of the bytes.
public struct PriceBook: Sendable {
  private var models = Layered<String, ModelPrices>()
  private var names = Layered<PriceAlias.Name, PriceAlias>()
  private var learned = LearnedMoments()

  init() {}

  init(_ models: [String: ModelPrices], _ names: [PriceAlias.Name: PriceAlias], _ learned: LearnedMoments) {
    self.models = Layered(models)
    self.names = Layered(names)
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
    if names.isEmpty { return own }
    if let own, own.serves(provider) { return own }
    guard let target = alias(model, provider: provider)?.model else { return own }
    return models[target] ?? own
  }

  /// What another name stands for, for a provider; its own alias comes before one for any provider.
  public func alias(_ name: String, provider: String?) -> PriceAlias? {
    if provider != nil, let own = names[PriceAlias.Name(alias: name, provider: provider)], own.model != nil {
      return own
    }
    return names[PriceAlias.Name(alias: name, provider: nil)]
  }

  /// The aliases that are this name or lead to it, by name, then provider.
  public func aliases(about name: String) -> [PriceAlias] {
    names.values.filter { $0.name.alias == name || $0.model == name }.sorted { $0.name < $1.name }
  }

  /// Every model that has prices, in no particular order.
  public var allModels: [ModelPrices] { models.values }

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
    names[alias.name] = alias
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
  /// The aliases that are committed, by name, then provider.
  var mergedNames: [PriceAlias] { names.merged.values.sorted { $0.name < $1.name } }
  /// The recorded moments that are committed.
  var mergedMoments: LearnedMoments { learned.merged }
}
