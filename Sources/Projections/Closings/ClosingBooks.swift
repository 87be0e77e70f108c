/// The books whose digests are claimed when a month is closed: those that finance signs.
public enum ClosingBooks {
  /// Their names; a deployment has some of them.
  public static let names: Set<String> = [
    "daily_spend", "model_pnl", "strategy_pnl", "operation_pnl", "trial_balance", "reconciliation", "exchange_rates",
  ]
}
