extension Price {
  /// Reads the data of `price.listed`, or a price as the interface shows it; nil where it is not valid.
  ///
  /// `per` may be missing where `unit` names it; where both stand, they agree.
  public init?(_ data: JSON, id: Int64) {
    guard let model = data["model"]?.string, !model.isEmpty,
      let usageClass = data["usage_class"]?.string.flatMap(UsageClass.init(rawValue:)),
      let amount = data["price"]?["amount"]?.string.flatMap({ Amount($0) }), amount >= .zero,
      let currency = data["price"]?["currency"]?.string.flatMap({ Currency($0) }),
      let per = Self.units(data, usageClass),
      let validFrom = data["valid_from"]?.string.flatMap({ Timestamp(rfc3339: $0) })
    else { return nil }
    var tier = ServiceTier.standard
    if let named = data["service_tier"] {
      guard let known = named.string.flatMap(ServiceTier.init(rawValue:)), known != .standard else { return nil }
      tier = known
    }
    let contextAbove = data["context_above"]?.integer ?? 0
    guard contextAbove > 0 || data["context_above"] == nil else { return nil }
    self.init(
      id: id, provider: data["provider"]?.string, model: model, usageClass: usageClass.rawValue, serviceTier: tier,
      contextAbove: contextAbove, price: Money(amount, currency), per: per, validFrom: validFrom)
  }

  /// How many units `per` or `unit` say; nil where neither does, or they do not agree.
  private static func units(_ data: JSON, _ usageClass: UsageClass) -> Int64? {
    var named: Int64?
    if let name = data["unit"] {
      guard let unit = name.string.flatMap(PriceUnit.init(rawValue:)), let count = unit.count(of: usageClass) else {
        return nil
      }
      named = count
    }
    guard let said = data["per"] else { return named }
    guard let per = said.integer, per >= 1, named == nil || named == per else { return nil }
    return per
  }

  /// The data of `price.listed`, without the note; with the name of `per` where it has one.
  public var json: JSON {
    .object([
      "model": .text(model), "provider": provider.map(JSON.text), "usage_class": .text(usageClass),
      "service_tier": serviceTier == .standard ? nil : .text(serviceTier.rawValue),
      "context_above": contextAbove == 0 ? nil : .integer(contextAbove),
      "price": .object(["amount": .text(price.amount.description), "currency": .text(price.currency.code)]),
      "per": .integer(per), "unit": unit.map { .text($0.rawValue) }, "valid_from": .text(validFrom.description),
    ])
  }

  /// The name of `per`; nil where it has none.
  public var unit: PriceUnit? {
    UsageClass(rawValue: usageClass).flatMap { PriceUnit(per: per, of: $0) }
  }
}
