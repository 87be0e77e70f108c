import Domain

extension ControlState {
  /// Makes or changes a budget.
  ///
  /// A new one and a tighter one are free. What was spent stays: kind, scope, window and currency are fixed.
  func planBudget(_ change: Change, _ context: CommandContext) throws(Refusal) -> ChangePlan {
    let data = Budget.normalised(change.body)
    if let fault = Budget.faults(in: data).first {
      throw Refusal(code: "invalid-budget", status: 422, detail: "\(fault.pointer): \(fault.detail)")
    }
    guard let id = data["budget"]?.string else { throw .incomplete("budget") }
    let old = budgets.table[id]
    guard
      let new = Budget(
        data, number: old?.number ?? Int32(budgets.table.all.count), position: 0,
        createdAt: old?.createdAt ?? context.now)
    else { throw .incomplete("budget") }
    let event = PlannedEvent(
      type: "budget.configured", subject: "budget/\(id)", data: data, derived: provenance(context))
    guard let old else {
      guard budgets.table.all.count < BudgetRegister.most else {
        throw Refusal(
          code: "too-many-budgets", status: 409, detail: "A ledger has at most \(BudgetRegister.most) budgets.")
      }
      return ChangePlan(events: [event])
    }
    guard old.kind == new.kind, old.scope == new.scope, old.period == new.period, old.currency == new.currency else {
      throw Refusal(
        code: "budget-fixed", status: 409,
        detail:
          "Kind, scope, window and currency of a budget are fixed, as what was spent is counted in them: make another."
      )
    }
    return ChangePlan(events: [event], stake: Self.combined(old.stakes(of: new)))
  }

  /// One stake for all: the kind of the first of the highest risk, and every reason.
  private static func combined(_ stakes: [Stake]) -> Stake? {
    guard let risk = stakes.map(\.risk).max(), let leading = stakes.first(where: { $0.risk == risk }) else {
      return nil
    }
    return Stake(leading.kind, risk, stakes.map(\.why).joined(separator: "; "))
  }
}

extension BudgetRegister {
  /// Takes in a configuration; what was counted stays.
  mutating func apply(configured event: AppliedEvent) {
    prune(at: event.recordedAt)
    let old = table[event.text("budget")]
    guard
      let budget = Budget(
        event.data, number: old?.number ?? Int32(table.all.count), position: event.position,
        createdAt: old?.createdAt ?? event.recordedAt)
    else { event.malformed("budget") }
    table.put(budget)
  }
}
