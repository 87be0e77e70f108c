import Domain

extension ControlState {
  /// Plans a list of prices and aliases: what is new passes, and so does what changes less than 10 times.
  ///
  /// A change of 10 times or more, up or down, from or to free, or of the currency, waits for a second human, and with it
  /// the whole list. Each price is compared with the one that was in force at its `valid_from` before this list, for the
  /// same class, kind of service, context and provider. `hold` asks for a second human whatever the list holds.
  func planPrices(_ change: Change, _ context: CommandContext) throws(Refusal) -> ChangePlan {
    try context.refuseAgent("list a price")
    let prices = change.body["prices"]?.elements ?? []
    let aliases = change.body["aliases"]?.elements ?? []
    guard prices.count <= Self.mostPricesInOneCommand, aliases.count <= Self.mostPricesInOneCommand,
      !prices.isEmpty || !aliases.isEmpty
    else {
      throw Refusal(
        code: "price-count-out-of-range", status: 422,
        detail: "A command lists from 1 to \(Self.mostPricesInOneCommand) prices or aliases.")
    }
    let listed = try listings(prices, context)
    let named = try namings(aliases, context)
    var held = HeldPrices()
    for (price, _) in listed { held.note(price, PriceStep(price, after: priceBook.predecessor(of: price))) }
    for (alias, _) in named { held.note(alias, isMoved: isMoved(alias)) }
    let stake = held.stake(isAsked: change.body["hold"]?.boolean ?? false)
    return ChangePlan(events: listed.map(\.event) + named.map(\.event), stake: stake)
  }

  /// True where a name stands for another model already, or for none any more.
  private func isMoved(_ alias: PriceAlias) -> Bool {
    guard let present = priceBook.alias(alias.name.alias, provider: alias.name.provider)?.model else { return false }
    return present != alias.model
  }

  private func namings(
    _ aliases: [JSON], _ context: CommandContext
  ) throws(Refusal) -> [(alias: PriceAlias, event: PlannedEvent)] {
    let derived = provenance(context)
    var namings: [(alias: PriceAlias, event: PlannedEvent)] = []
    namings.reserveCapacity(aliases.count)
    for (index, data) in aliases.enumerated() {
      guard let alias = PriceAlias(data, position: 0) else {
        throw Refusal(
          code: "invalid-alias", status: 422,
          detail: "The alias at index \(index) is not valid: it leads to another name than itself.")
      }
      let event = PlannedEvent(
        type: "price.aliased", subject: "price-alias/\(alias.name.alias)", data: data, derived: derived)
      namings.append((alias, event))
    }
    return namings
  }

  /// What a list of prices is made against: the position of the newest price or alias of the names in it, 0 where none
  /// has any. A list concerns many subjects, and any of them may move.
  func priceSequence(_ change: Change) -> Int64 {
    var newest: Int64 = 0
    var seen: Set<String> = []
    for price in change.body["prices"]?.elements ?? [] {
      guard let model = price["model"]?.string, seen.insert(model).inserted else { continue }
      newest = max(newest, priceBook[model]?.newest ?? 0)
    }
    for data in change.body["aliases"]?.elements ?? [] {
      guard let alias = PriceAlias(data, position: 0) else { continue }
      newest = max(newest, priceBook.exactAlias(alias.name)?.position ?? 0)
    }
    return newest
  }
}
