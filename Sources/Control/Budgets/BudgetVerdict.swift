/// What the budgets and limits say to one candidate.
public enum BudgetVerdict: Sendable, Equatable {
  /// There is room; each warning is a code, a colon and a budget's id, such as `soft_budget_exceeded:per-user-day`.
  case room(warnings: [String])
  /// There is none.
  ///
  /// - code: `rate_limited`, `budget_exceeded` or `price_unknown`.
  /// - budget: the one that says so.
  /// - retryAfterMilliseconds: when there may be room; nil where waiting does not help.
  /// - detail: for people.
  case refused(code: String, budget: String?, retryAfterMilliseconds: Int64?, detail: String)
}
