import Domain

extension AccessTableTests {
  /// Who may change budgets; agents only where that tightens, which the ledger sees to.
  static let budgetsByRole: [Role: String] = [
    .agent: "configureBudget", .operator: "configureBudget", .admin: "configureBudget",
  ]

  /// What every role may read.
  static let budgetsForAll = "listBudgets readBudget"
}
