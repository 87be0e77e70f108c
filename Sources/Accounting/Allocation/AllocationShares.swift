import Domain

/// What is to be divided among models, and by what: day by day and currency by currency.
///
/// Costs that name no model are divided by the inference cost of their strategy, or of the ledger where they name none;
/// revenue that names no model by that of its strategy. A model's weight is its net inference cost of the day, not below
/// zero. Where all weights are zero the amount stays where it is, unallocated.
struct AllocationShares {
  private struct Day: Hashable {
    var day: CivilDate
    var currency: Currency
  }
  private struct Call: Hashable {
    var strategy: ExactText?
    var model: ExactText
  }
  private struct Cost: Hashable {
    var category: ExactText
    var strategy: ExactText?
  }
  private struct Sums {
    var inference: [Call: Amount] = [:]
    var costs: [Cost: Amount] = [:]
    var revenue: [ExactText: Amount] = [:]
  }
  private var sums: [Day: Sums] = [:]

  mutating func add(
    inference money: Money, on day: CivilDate, strategy: ExactText?, model: ExactText
  ) throws(AccountingError) {
    try add(
      money,
      to: &sums[Day(day: day, currency: money.currency), default: Sums()]
        .inference[Call(strategy: strategy, model: model), default: .zero])
  }

  mutating func add(
    cost money: Money, on day: CivilDate, category: ExactText, strategy: ExactText?
  ) throws(AccountingError) {
    try add(
      money,
      to: &sums[Day(day: day, currency: money.currency), default: Sums()]
        .costs[Cost(category: category, strategy: strategy), default: .zero])
  }

  mutating func add(revenue money: Money, on day: CivilDate, strategy: ExactText) throws(AccountingError) {
    try add(
      money, to: &sums[Day(day: day, currency: money.currency), default: Sums()].revenue[strategy, default: .zero])
  }

  private func add(_ money: Money, to sum: inout Amount) throws(AccountingError) {
    do { sum = try sum.adding(money.amount) } catch {
      throw AccountingError(.overflow, at: 0, "a day's sum has more than 26 digits before its point")
    }
  }

  /// The entries of all days, in the order of day, currency, category or strategy.
  func forEachEntry(_ body: (JournalEntry) throws -> Void) throws {
    let order = sums.keys.sorted { ($0.day, $0.currency) < ($1.day, $1.currency) }
    for key in order {
      guard let sums = sums[key] else { continue }
      for (pool, amount) in sums.costs.sorted(by: { Self.precedes($0.key, $1.key) }) {
        let parts = Self.parts(amount, sums.inference, strategy: pool.strategy, isWhole: pool.strategy == nil)
        try hand(over: parts, key, .allocationOfCost(category: pool.category), pool.strategy, body) {
          .allocatedCost(model: $0)
        }
      }
      for (strategy, amount) in sums.revenue.sorted(by: { $0.key < $1.key }) {
        let parts = Self.parts(amount.negated, sums.inference, strategy: strategy, isWhole: false)
        try hand(over: parts, key, .allocationOfRevenue(strategy: strategy), strategy, body) {
          .allocatedRevenue(model: $0)
        }
      }
    }
  }

  private func hand(
    over parts: [(model: ExactText, amount: Amount)], _ key: Day, _ contra: Account, _ strategy: ExactText?,
    _ body: (JournalEntry) throws -> Void, _ account: (ExactText) -> Account
  ) throws {
    guard !parts.isEmpty else { return }
    var units: Int128 = 0
    var lines = parts.map { part in
      units += part.amount.units
      return JournalLine(account: account(part.model), money: Money(part.amount, key.currency))
    }
    lines.append(JournalLine(account: contra, money: Money(Amount(units: -units), key.currency)))
    try body(
      JournalEntry(
        day: key.day, position: 0, type: "allocation", receipt: [],
        labels: strategy.map { [(key: "of-strategy" as StaticString, name: $0)] } ?? [], lines: lines))
  }

  private static func precedes(_ left: Cost, _ right: Cost) -> Bool {
    if left.category != right.category { return left.category < right.category }
    guard let right = right.strategy else { return false }
    return left.strategy.map { $0 < right } ?? true
  }

  /// The parts that are not zero, by model; none where nothing can be divided.
  private static func parts(
    _ amount: Amount, _ inference: [Call: Amount], strategy: ExactText?, isWhole: Bool
  ) -> [(model: ExactText, amount: Amount)] {
    guard !amount.isZero else { return [] }
    var weights: [ExactText: Amount] = [:]
    for (call, cost) in inference where isWhole || call.strategy == strategy {
      // A weight that does not fit divides nothing: the amount stays unallocated, as it does without any weight.
      guard let sum = try? weights[call.model, default: .zero].adding(cost) else { return [] }
      weights[call.model] = sum
    }
    let shares = weights.sorted { $0.key < $1.key }.map { (key: $0.key, weight: max(.zero, $0.value)) }
    guard let parts = try? amount.split(by: shares) else { return [] }
    return zip(shares, parts).filter { !$1.isZero }.map { ($0.key, $1) }
  }
}
