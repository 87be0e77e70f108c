internal import Domain

extension UsageReading {
  /// What OpenRouter says that a call cost, from the text of its numbers.
  ///
  /// `cost` is what OpenRouter itself charges. With a provider's key of one's own (`is_byok`) the provider charges too:
  /// the cost is the sum then, and unknown where the provider's part was not told.
  static func openRouterCost(_ usage: JSON?) -> Money? {
    guard let usage, let object = try? UsageObject(usage), let charged = amount(object.number("cost")) else {
      return nil
    }
    guard object.isTrue("is_byok") else { return Money(charged, .dollar) }
    guard let details = try? object.object("cost_details"),
      let upstream = amount(details.number("upstream_inference_cost")),
      let sum = try? charged.adding(upstream)
    else { return nil }
    return Money(sum, .dollar)
  }

  /// An amount that an event can hold: not below zero, and below 10^15.
  private static func amount(_ number: String?) -> Amount? {
    guard let number, let amount = Amount(number: number, rounding: .halfEven), !amount.isNegative,
      amount.units < 1_000_000_000_000_000_000_000_000_000
    else { return nil }
    return amount
  }
}

extension Currency {
  /// What OpenRouter's credits are.
  static let dollar: Currency = {
    guard let currency = Currency("USD") else { preconditionFailure("the list of currencies has the dollar") }
    return currency
  }()
}
