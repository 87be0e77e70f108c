import Domain

extension ControlState {
  /// Longest list of prices, and of aliases, that one command may carry: what fits one batch of the log.
  public static let mostPricesInOneCommand = 10_000

  /// The prices, overlay included.
  public var prices: PriceBook { priceBook }

  /// The events that list prices, all or none.
  func listings(_ prices: [JSON], _ context: CommandContext) throws(Refusal) -> [(price: Price, event: PlannedEvent)]
  {
    let derived = provenance(context)
    var listings: [(price: Price, event: PlannedEvent)] = []
    listings.reserveCapacity(prices.count)
    for (index, data) in prices.enumerated() {
      guard let price = Price(data, id: 0) else {
        throw Refusal(code: "invalid-price", status: 422, detail: "The price at index \(index) is not valid.")
      }
      var data = data
      // A unit may stand in its place, and the event always says the count.
      data["per"] = .integer(price.per)
      let event = PlannedEvent(type: "price.listed", subject: "price/\(price.model)", data: data, derived: derived)
      listings.append((price, event))
    }
    return listings
  }
}

extension Price {
  /// The price that an event listed; its position is the price's id.
  init(listed event: AppliedEvent) {
    guard let price = Price(event.data, id: event.position) else { event.malformed("price") }
    self = price
  }
}
