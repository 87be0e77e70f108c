import Domain

extension EndpointParameters {
  /// What the list of prices takes.
  static let prices: [Parameter] = [
    .init(name: "model", schema: text, description: "Only prices of this model, by its exact name or an alias."),
    .init(
      name: "provider", schema: text,
      description: "Only prices that hold for this provider: its own, and those for any."),
    .init(
      name: "at", schema: time,
      description: "Only the prices in force at this moment; without it, every price that was ever listed."),
    .init(
      name: "known_at", schema: time, description: "As was believed at this moment: only what was recorded by then."),
    .init(
      name: "as_of", schema: SchemaParts.integer(0, nil),
      description: "As was believed when the log ended at this position."),
    .init(
      name: "after", schema: text,
      description: "The value of next of the page before: a price's id, a colon, its model."),
    .init(
      name: "limit", schema: SchemaParts.integer(1, nil),
      description:
        "Most prices of one answer: \(API.pricePageDefault) where it is missing, \(API.pricePageLimit) at most."),
  ]
}
