import Domain

extension BudgetRegister {
  /// One candidate against every budget and limit that counts it; nothing changes.
  ///
  /// Limits of tokens come before budgets. All budgets count what is spent and what is reserved. A cost that is not known in
  /// a hard budget's currency is refused, or stands at the budget's worst case; never at zero.
  public func verdict(_ key: SpendKey, _ estimate: SpendEstimate, _ moment: BudgetMoment) -> BudgetVerdict {
    if table.isEmpty { return .room(warnings: []) }
    var limited: BudgetVerdict?
    var refused: BudgetVerdict?
    var warnings: [String] = []
    table.forEachMatch(key) { budget, counter in
      guard budget.isEnabled else { return }
      let judged = judge(budget, counter, estimate, moment)
      switch judged {
      case nil: return
      case .refused(let code, _, _, _):
        if !budget.isHard {
          warnings.append("\(code == "budget_exceeded" ? "soft_budget_exceeded" : code):\(budget.id)")
        } else if budget.kind == .tokensPerMinute {
          limited = limited ?? judged
        } else {
          refused = refused ?? judged
        }
      case .room(let more): warnings += more
      }
    }
    return limited ?? refused ?? .room(warnings: warnings)
  }

  /// What one budget would say if it were hard; nil where there is nothing to say.
  private func judge(
    _ budget: Budget, _ counter: ExactText, _ estimate: SpendEstimate, _ moment: BudgetMoment
  ) -> BudgetVerdict? {
    switch budget.kind {
    case .spend: judgeSpend(budget, counter, estimate.cost, moment)
    case .tokensPerMinute: judgeTokens(budget, counter, estimate.tokens, moment)
    case .tierShare: judgeShare(budget, counter, estimate.cost, moment)
    }
  }

  private func judgeSpend(
    _ budget: Budget, _ counter: ExactText, _ cost: Money?, _ moment: BudgetMoment
  ) -> BudgetVerdict? {
    guard let amount = budget.reservable(cost) else {
      return .refused(
        code: "price_unknown", budget: budget.id, retryAfterMilliseconds: nil,
        detail: "The cost is not known in the currency of the budget \(budget.id).")
    }
    let window = moment.window(budget.period)
    let counted = counters[CounterKey(budget: budget.number, window: window.ordinal, key: counter)]
    let committed = counted?.committed ?? .zero
    guard committed.plus(amount) > budget.limit else { return nil }
    return .refused(
      code: "budget_exceeded", budget: budget.id,
      // Where the call alone is above the limit, no window has room for it.
      retryAfterMilliseconds: amount > budget.limit ? nil : moment.milliseconds(toEndOf: window),
      detail: "The budget \(budget.id) has no room: \(committed) of \(budget.limit) is spent or reserved.")
  }

  private func judgeTokens(
    _ budget: Budget, _ counter: ExactText, _ tokens: Int64, _ moment: BudgetMoment
  ) -> BudgetVerdict? {
    let rate = rates[RateKey(budget: budget.number, key: counter)] ?? TokenRate(minute: 0, tokens: 0, before: 0)
    let wait = rate.wait(for: tokens, limit: budget.tokens, at: moment.now)
    if wait == 0 { return nil }
    return .refused(
      code: "rate_limited", budget: budget.id, retryAfterMilliseconds: wait.map { ($0 + 999) / 1_000 },
      detail: wait == nil
        ? "The call asks for more tokens than the limit \(budget.id) allows in a minute."
        : "The limit \(budget.id) of \(budget.tokens) tokens a minute is used up.")
  }

  private func judgeShare(
    _ budget: Budget, _ counter: ExactText, _ cost: Money?, _ moment: BudgetMoment
  ) -> BudgetVerdict? {
    guard let amount = budget.reservable(cost) else { return nil }
    let window = moment.window(budget.period).ordinal
    let tier = counters[CounterKey(budget: budget.number, window: window, key: counter)]?.committed ?? .zero
    let all =
      counters[CounterKey(budget: budget.number, window: window, key: Budget.totalKey)]?.committed ?? .zero
    guard budget.isShareExceeded(counter, tier.plus(amount), of: all.plus(amount)) else { return nil }
    return .room(warnings: ["tier_share_exceeded:\(budget.id)"])
  }
}

extension Budget {
  /// True where a tier has more of the spend than its share, and enough is spent for shares to be judged.
  func isShareExceeded(_ tier: ExactText, _ amount: Amount, of total: Amount) -> Bool {
    guard let share = share(of: tier), total >= judgedFrom, !total.isZero else { return false }
    guard let most = try? total.multiplied(by: Int64(clamping: share.units), per: Self.wholeInUnits) else {
      return false
    }
    return amount > most
  }

  /// The share of a tier; nil where it may have any.
  func share(of tier: ExactText) -> Amount? { shares.first { ExactText($0.tier) == tier }?.share }

  private static let wholeInUnits: Int64 = 1_000_000_000_000
}
