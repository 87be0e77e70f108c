public import Domain

extension ControlState {
  /// Longest list of prices that one command may carry: what fits one batch of the log.
  public static let mostPricesInOneCommand = 10_000

  /// The prices, overlay included.
  public var prices: PriceBook { priceBook }

  /// Lists prices, all or none.
  func decideListing(_ prices: [JSON], _ context: CommandContext) throws(Refusal) -> [PlannedEvent] {
    try context.refuseAgent("list a price")
    guard !prices.isEmpty, prices.count <= Self.mostPricesInOneCommand else {
      throw Refusal(
        code: "price-count-out-of-range", status: 422,
        detail: "A command lists from 1 to \(Self.mostPricesInOneCommand) prices.")
    }
    let derived = provenance(context)
    var planned: [PlannedEvent] = []
    planned.reserveCapacity(prices.count)
    for (index, data) in prices.enumerated() {
      guard let price = Price(data, id: 0) else {
        throw Refusal(code: "invalid-price", status: 422, detail: "The price at index \(index) is not valid.")
      }
      planned.append(
        PlannedEvent(type: "price.listed", subject: "price/\(price.model)", data: data, derived: derived))
    }
    return planned
  }
}

extension Price {
  /// Reads the data of `price.listed`; nil where it is not valid.
  init?(_ data: JSON, id: Int64) {
    guard let model = data["model"]?.string, !model.isEmpty, let usageClass = data["usage_class"]?.string,
      UsageClass(rawValue: usageClass) != nil,
      let amount = data["price"]?["amount"]?.string.flatMap({ Amount($0) }), amount >= .zero,
      let currency = data["price"]?["currency"]?.string.flatMap({ Currency($0) }),
      let per = data["per"]?.integer, per >= 1,
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
      id: id, provider: data["provider"]?.string, model: model, usageClass: usageClass, serviceTier: tier,
      contextAbove: contextAbove, price: Money(amount, currency), per: per, validFrom: validFrom)
  }

  /// The price that an event listed; its position is the price's id.
  init(listed event: AppliedEvent) {
    guard let price = Price(event.data, id: event.position) else { event.malformed("price") }
    self = price
  }

  /// The data of `price.listed`, without the note.
  public var json: JSON {
    .object([
      "model": .text(model), "provider": provider.map(JSON.text), "usage_class": .text(usageClass),
      "service_tier": serviceTier == .standard ? nil : .text(serviceTier.rawValue),
      "context_above": contextAbove == 0 ? nil : .integer(contextAbove),
      "price": .object(["amount": .text(price.amount.description), "currency": .text(price.currency.code)]),
      "per": .integer(per), "valid_from": .text(validFrom.description),
    ])
  }
}
