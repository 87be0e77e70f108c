public import Domain

/// Every price that was ever listed, by model.
///
/// Models are printable ASCII, for which `String`'s equality is that of the bytes.
public struct PriceBook: Sendable {
  private var models = Layered<String, ModelPrices>()

  init(_ prices: [Price] = []) {
    var byModel: [String: ModelPrices] = [:]
    for price in prices { byModel[price.model, default: ModelPrices()].list(price) }
    models = Layered(byModel)
  }

  /// The prices of a model; nil where it has none.
  public subscript(model: String) -> ModelPrices? { models[model] }

  /// Every price, in the order of listing.
  public var all: [Price] { Self.prices(of: models.values) }

  /// Those that are committed, in the order of listing.
  var merged: [Price] { Self.prices(of: Array(models.merged.values)) }

  private static func prices(of models: [ModelPrices]) -> [Price] {
    models.flatMap { $0.series.flatMap(\.prices) }.sorted { $0.id < $1.id }
  }

  mutating func list(_ price: Price) {
    var prices = models[price.model] ?? ModelPrices()
    prices.list(price)
    models[price.model] = prices
  }

  mutating func merge() { models.merge() }
  mutating func drop() { models.drop() }
}
