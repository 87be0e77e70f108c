/// How long a window of a budget lasts.
public enum BudgetPeriod: String, Sendable, Hashable, CaseIterable {
  /// A minute of UTC, for limits of tokens per minute.
  case minute
  /// A day of the ledger's reporting time zone: 23, 24 or 25 hours.
  case day
  /// A month of the ledger's reporting time zone.
  case month
  /// All time, from the budget's creation on.
  case total
}
