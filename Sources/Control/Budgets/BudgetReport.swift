public import Domain

/// How a budget stands in its present window.
public struct BudgetReport: Sendable, Equatable {
  /// One counter.
  public struct Counter: Sendable, Equatable {
    /// The user's token, the team, the tier, …; `ledger` for a budget on the whole ledger.
    public var key: ExactText
    /// Booked.
    public var spent: Amount
    /// Held by open reservations.
    public var reserved: Amount
    /// Limit less spent and reserved; below zero where there is an overrun. Nil where there is no limit.
    public var left: Amount?
    /// Part of what was booked: what settled calls cost beyond their reservations.
    public var overrun: Amount
    /// Part of what was booked: what no reservation stood for.
    public var unreserved: Amount
    /// Calls booked.
    public var calls: Int64
    /// Of them those of unknown cost, for which nothing is booked.
    public var unknownCalls: Int64
    /// Thresholds whose crossing is recorded; the share, where it is exceeded.
    public var crossed: [Amount]
    /// What would be spent by the end of the window, going on as since its start, to the currency's minor unit; nil where
    /// that cannot be said yet: before a hundredth of it has gone by.
    public var projected: Amount?
    /// Spent and reserved, as a fraction of the limit or, for a tier, of all tiers; nil where there is neither.
    public var share: Amount?
    /// The most that a tier may have of the spend.
    public var allowedShare: Amount?
    /// Tokens of the last sixty seconds, for a limit of tokens.
    public var tokens: Int64?
  }

  /// The configuration.
  public var budget: Budget
  /// The present window.
  public var window: BudgetWindow
  /// Its first moment; nil for the total, and for tokens, of which those of the last sixty seconds count at any time.
  public var startsAt: Timestamp?
  /// When the budget is free again; nil for the total, and for tokens.
  public var resetsAt: Timestamp?
  /// How much of the window has gone by, from 0 to 1; nil for the total.
  public var elapsed: Amount?
  /// Those with most spent and reserved first; at most as many as were asked for.
  public var counters: [Counter]
  /// All tiers together, where shares are counted.
  public var total: Counter?
  /// How many counters the window has.
  public var counterCount: Int
}

extension ControlState {
  /// Every budget, in the order of ids.
  public var allBudgets: [Budget] {
    budgets.table.all.filter { !$0.isGrant }.sorted { ExactText($0.id) < ExactText($1.id) }
  }

  /// A budget by its id.
  public func budget(_ id: String) -> Budget? { budgets.table[id] }

  /// How a budget stands at a moment; nil where there is none of that id.
  ///
  /// - Parameters:
  ///   - key: only this counter.
  ///   - limit: most counters of the answer.
  public func budgetReport(
    _ id: String, key: ExactText? = nil, at now: Timestamp, zone: ReportingZone, limit: Int
  ) -> BudgetReport? {
    guard let budget = budgets.table[id] else { return nil }
    let moment = BudgetMoment(now, zone: zone)
    let window = moment.window(budget.period)
    let span = BudgetSpan(window, zone: zone, createdAt: budget.createdAt, now: now)
    var found =
      budget.kind == .tokensPerMinute
      ? budgets.rateCounters(budget, key, now) : budgets.spendCounters(budget, key, window, span)
    var total: BudgetReport.Counter?
    if budget.kind == .tierShare, let place = found.firstIndex(where: { $0.key == Budget.totalKey }) {
      total = found.remove(at: place)
      for index in found.indices where key == nil || found[index].key == key {
        found[index].share = total.flatMap {
          found[index].spent.plus(found[index].reserved).fraction(of: $0.committed)
        }
      }
    }
    if let key { found.removeAll { $0.key != key } }
    let count = found.count
    found.sort { left, right in
      left.weight != right.weight ? left.weight > right.weight : left.key < right.key
    }
    return BudgetReport(
      budget: budget, window: window, startsAt: window.period == .minute ? nil : window.start(in: zone),
      resetsAt: window.period == .minute ? nil : window.end(in: zone),
      elapsed: span.elapsed, counters: Array(found.prefix(limit)), total: total, counterCount: count)
  }
}

extension BudgetReport.Counter {
  fileprivate var committed: Amount { spent.plus(reserved) }
  fileprivate var weight: Amount { tokens.map { Amount(units: Int128($0)) } ?? committed }
}

extension BudgetRegister {
  /// The counters of a window; of a window of shares the one of all tiers too.
  fileprivate func spendCounters(
    _ budget: Budget, _ key: ExactText?, _ window: BudgetWindow, _ span: BudgetSpan
  ) -> [BudgetReport.Counter] {
    if let key, budget.kind == .spend {
      let place = CounterKey(budget: budget.number, window: window.ordinal, key: key)
      return [report(budget, key, counters[place] ?? SpendCounter(), span)]
    }
    var found: [BudgetReport.Counter] = []
    counters.forEach { place, counter in
      guard place.budget == budget.number, place.window == window.ordinal else { return }
      found.append(report(budget, place.key, counter, span))
    }
    return found
  }

  private func report(
    _ budget: Budget, _ key: ExactText, _ counter: SpendCounter, _ span: BudgetSpan
  ) -> BudgetReport.Counter {
    let hasLimit = budget.kind == .spend
    return BudgetReport.Counter(
      key: key, spent: counter.spent, reserved: counter.reserved,
      left: hasLimit ? budget.limit.plus(counter.committed.negated) : nil, overrun: counter.overrun,
      unreserved: counter.unreserved, calls: counter.calls, unknownCalls: counter.unknown, crossed: counter.crossed,
      projected: span.projected(counter.spent, budget.currency),
      share: hasLimit ? counter.committed.fraction(of: budget.limit) : nil,
      allowedShare: budget.share(of: key), tokens: nil)
  }

  fileprivate func rateCounters(_ budget: Budget, _ key: ExactText?, _ now: Timestamp) -> [BudgetReport.Counter] {
    var found: [BudgetReport.Counter] = []
    rates.forEach { place, rate in
      guard place.budget == budget.number, key == nil || place.key == key else { return }
      let tokens = rate.used(at: now)
      guard tokens > 0 || key != nil else { return }
      found.append(
        BudgetReport.Counter(
          key: place.key, spent: .zero, reserved: .zero, left: nil, overrun: .zero, unreserved: .zero, calls: 0,
          unknownCalls: 0, crossed: [], projected: nil, share: nil, allowedShare: nil, tokens: tokens))
    }
    return found
  }
}

/// How far a window has gone by.
private struct BudgetSpan {
  /// Microseconds that the window has been counting, and those that it will have counted at its end; nil for the total.
  private var counting: (gone: Int64, whole: Int64)?
  /// From 0 to 1; nil for the total.
  var elapsed: Amount?

  init(_ window: BudgetWindow, zone: ReportingZone, createdAt: Timestamp, now: Timestamp) {
    guard window.period != .minute, let start = window.start(in: zone), let end = window.end(in: zone) else { return }
    let length = end.microseconds(since: start)
    elapsed = Amount.fraction(now.microseconds(since: start), of: length)
    let from = max(start, createdAt)
    counting = (now.microseconds(since: from), end.microseconds(since: from))
  }

  func projected(_ spent: Amount, _ currency: Currency?) -> Amount? {
    guard let counting, counting.gone > 0, counting.gone >= counting.whole / 100, counting.whole >= counting.gone,
      let projected = try? spent.multiplied(by: counting.whole, per: counting.gone, rounding: .halfEven)
    else { return nil }
    return try? projected.rounded(toPlaces: currency?.minorUnitPlaces ?? 2, .halfEven)
  }
}

extension Amount {
  /// The part that this is of a whole, to four places; nil where there is no whole.
  func fraction(of whole: Amount) -> Amount? {
    guard whole.units > 0 else { return nil }
    // Both scaled down alike where the product would not fit.
    var (part, all) = (units, whole.units)
    while part.magnitude > UInt128(1) << 100 || all.magnitude > UInt128(1) << 100 {
      part /= 1024
      all /= 1024
    }
    guard all > 0 else { return nil }
    return Amount(exactly: (part * 10_000 / all) * 100_000_000)
  }

  /// The same of whole numbers.
  static func fraction(_ part: Int64, of whole: Int64) -> Amount? {
    whole > 0 ? Amount(exactly: Int128(part) * 10_000 / Int128(whole) * 100_000_000) : nil
  }
}
