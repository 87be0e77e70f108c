/// What the ledger concludes about the cost of a completion.
///
/// Unknown is not zero: a completion whose price is not known has no cost and counts as unpriced.
public enum CompletionCost: Sendable, Hashable {
  /// Every class that was used had a price in force; the lines add up to the cost.
  case computed(Money, lines: [CostLine])
  /// What the producer reported, as no cost could be computed.
  case reported(Money)
  /// Neither.
  case unpriced

  /// The cost, where there is one.
  public var cost: Money? {
    switch self {
    case .computed(let cost, _), .reported(let cost): cost
    case .unpriced: nil
    }
  }

  /// `computed`, `reported`, or nil where the completion is unpriced.
  public var basis: String? {
    switch self {
    case .computed: "computed"
    case .reported: "reported"
    case .unpriced: nil
    }
  }

  /// Derives the cost of a completion.
  ///
  /// Computed where every class with a quantity above zero has a price and all prices are of one currency. Reasoning
  /// without a price of its own takes the output price, and so it does where the output price is of a higher context
  /// tier than its own: the tier holds for the whole call. Nothing else is guessed. Else the reported cost, else
  /// unpriced. A line or sum beyond `Amount.largest` counts as no price.
  ///
  /// Where usage was told and all of it is zero, a reported cost is booked; without one the cost is zero in the currency
  /// of the prices that the named classes have, and unpriced where they have none.
  ///
  /// - Parameters:
  ///   - usage: the classes that were told, each once; empty where `usage_source` is `absent`. Order is kept in the
  ///     lines. A negative quantity counts as not told.
  ///   - reported: the producer's `reported_cost`.
  ///   - priceInForce: the price of a class at the completion's time, for its model, provider and terms.
  public static func derive(
    usage: [(usageClass: UsageClass, quantity: Int64)], reported: Money?, priceInForce: (UsageClass) -> Price?
  ) -> CompletionCost {
    let isUsed = usage.contains { $0.quantity > 0 }
    if !isUsed, reported == nil, let free = zero(usage, priceInForce) { return free }
    if isUsed, let computed = compute(usage, priceInForce) { return computed }
    return reported.map { .reported($0) } ?? .unpriced
  }

  private static func compute(
    _ usage: [(usageClass: UsageClass, quantity: Int64)], _ priceInForce: (UsageClass) -> Price?
  ) -> CompletionCost? {
    var lines: [CostLine] = []
    lines.reserveCapacity(usage.count)
    var total: Money?
    for (usageClass, quantity) in usage where quantity > 0 {
      guard let price = price(of: usageClass, priceInForce),
        let line = try? CostLine(usageClass, quantity: quantity, price: price)
      else { return nil }
      let cost = Money(line.amount, price.price.currency)
      if let sum = total {
        guard let next = try? sum.adding(cost) else { return nil }
        total = next
      } else {
        total = cost
      }
      lines.append(line)
    }
    return total.map { .computed($0, lines: lines) }
  }

  /// Zero of everything costs zero, if only the currency is known; the lines pin the prices that name it.
  private static func zero(
    _ usage: [(usageClass: UsageClass, quantity: Int64)], _ priceInForce: (UsageClass) -> Price?
  ) -> CompletionCost? {
    var lines: [CostLine] = []
    for (usageClass, quantity) in usage where quantity == 0 {
      guard let price = price(of: usageClass, priceInForce) else { continue }
      if let first = lines.first, first.price.price.currency != price.price.currency { return nil }
      guard let line = try? CostLine(usageClass, quantity: 0, price: price) else { return nil }
      lines.append(line)
    }
    return lines.first.map { .computed(Money(.zero, $0.price.price.currency), lines: lines) }
  }

  private static func price(of usageClass: UsageClass, _ priceInForce: (UsageClass) -> Price?) -> Price? {
    let own = priceInForce(usageClass)
    guard let other = usageClass.pricedAs.flatMap(priceInForce) else { return own }
    return own.map { $0.contextAbove >= other.contextAbove ? $0 : other } ?? other
  }
}
