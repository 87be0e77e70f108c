extension Catalogue {
  /// What the ledger learns of prices.
  static let prices: [EventType] = [
    command("price.listed", "price/", price, "A price became known. Its id is the position of this event."),
    command(
      "price.aliased", "price-alias/", alias,
      "A model became known under another name. An alias is a name and has no date: it leads to whatever that model's "
        + "prices are at a call's time, and only where the name has no prices of its own."),
  ]

  private static let price: [EventField] = [
    EventField("model", .name, "The model's exact name."),
    .optional("provider", .name, "The provider; without it, any provider's."),
    EventField("usage_class", .choice(UsageClass.allCases.map(\.rawValue)), "The class of usage that it prices."),
    .optional(
      "service_tier", .choice(ServiceTier.allCases.filter { $0 != .standard }.map(\.rawValue)),
      "The kind of service that it is the price of; without it, standard."),
    .optional(
      "context_above", .integer(1...1_000_000_000),
      "It holds for whole calls with more input plus cache tokens than this; without it, for calls of any size for "
        + "which no such price holds."),
    EventField("price", .money(wholeDigits: 12, allowsNegative: false), "The price of per units; zero is free."),
    EventField("per", .integer(1...Price.mostUnits), "How many units the price is for, such as 1000000 tokens."),
    .optional(
      "unit", .choice(PriceUnit.allCases.map(\.rawValue)), "The name of per, such as per_million or per_minute."),
    EventField("valid_from", .timestamp, "From when on it holds."),
    .optional("note", .reason, "For people, such as where the price was read."),
  ]

  private static let alias: [EventField] = [
    EventField("alias", .name, "The other name."),
    .optional("model", .name, "The model's exact name, whose prices hold; without it, the alias ends."),
    .optional("provider", .name, "The provider that calls the model so; without it, any."),
    .optional("note", .reason, "For people."),
  ]
}
