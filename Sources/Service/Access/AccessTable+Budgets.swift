import Domain

extension AccessTable {
  private static let place = "/v1/ledgers/{ledger}/budgets"

  /// Budgets, and how they stand.
  static let budgetEndpoints: [EndpointAccess] = [
    .init("listBudgets", "GET", place, .ledger, roles: anyRole, "The budgets and limits, by id, as configured."),
    .init(
      "readBudget", "GET", place + "/{budget}", .ledger, roles: anyRole, "How a budget stands in its present window.",
      "Spent, reserved, left, overrun and burn-down of its counters, those with most first."),
    .init(
      "configureBudget", "PUT", place + "/{budget}", .ledger, roles: [.operator, .admin, .agent], request: [.json],
      "Make or change a budget; what was spent stays.",
      "New and tighter budgets are free, for agents too; what loosens needs a second human, and is refused to agents."
    ),
  ]
}
