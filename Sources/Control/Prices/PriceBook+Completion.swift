public import Domain

extension PriceBook {
  /// What a completion costs by the prices in force at its time: computed, as reported, or unpriced.
  ///
  /// - Parameters:
  ///   - body: its data, personal members or none.
  ///   - usage: what it tells was used.
  public func cost(
    ofCompletion body: JSONView, _ usage: [(usageClass: UsageClass, quantity: Int64)], at moment: Timestamp
  ) -> CompletionCost {
    let reported = body["reported_cost"].flatMap { Money($0) }
    let provider = body["provider"]?.string
    let prices = usage.isEmpty ? nil : body["model"]?.string.flatMap { self.prices(of: $0, provider: provider) }
    let tier = body["service_tier"]?.string.flatMap(ServiceTier.init(rawValue:)) ?? .standard
    let terms = CallTerms(serviceTier: tier, usage: usage)
    return CompletionCost.derive(usage: usage, reported: reported) {
      prices?.price(of: $0, provider: provider, at: moment, terms: terms)
    }
  }

  /// The book as it was when the log ended at a position; itself where nothing was learned since.
  public func known(at position: Int64) -> PriceBook {
    let newest = max(
      allModels.reduce(0) { max($0, $1.newest) }, allNames.reduce(0) { max($0, $1.position) })
    if newest <= position { return self }
    let models = allModels.compactMap { $0.known(at: position) }
    return PriceBook(
      Dictionary(models.map { ($0.model, $0) }) { first, _ in first },
      allNames.filter { $0.position <= position }.sorted { $0.position < $1.position }, LearnedMoments())
  }
}

extension ModelPrices {
  /// The prices that were known at a position; nil where none were.
  fileprivate func known(at position: Int64) -> ModelPrices? {
    var known = ModelPrices(model)
    for series in series {
      let entries = series.entries.filter { $0.id <= position }
      if !entries.isEmpty { known.restore(Series(series.kind, entries)) }
    }
    return known.series.isEmpty ? nil : known
  }
}
