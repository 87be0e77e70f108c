import Domain

extension ChangeForm {
  /// A list of prices, of aliases, or of both.
  static let prices = ChangeForm(endpoint: "addPrices", fields: priceMembers) { body in
    let named = (body["prices"]?.elements ?? []).compactMap { $0["model"]?.string }
    guard let first = named.first else { return "price-list" }
    return named.allSatisfy { $0 == first } ? "price/\(first)" : "price-list"
  }

  private static let priceMembers: [EventField] = [
    EventField(
      "prices", .array(.object(CommandCatalogue.priceFields), count: 1...ControlState.mostPricesInOneCommand),
      isRequired: false,
      "Prices, each as its event holds it, though unit may stand in the place of per; all are listed, or none."),
    EventField(
      "aliases",
      .array(
        .object(CommandCatalogue.fields(of: "price.aliased")), count: 1...ControlState.mostPricesInOneCommand),
      isRequired: false, "Other names of models, each as its event holds it."),
    EventField(
      "hold", .boolean, isRequired: false,
      "Asks for a second human even where the list has nothing that needs one; prices of 10 times more or less do."),
  ]
}
