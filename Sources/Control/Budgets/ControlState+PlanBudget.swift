import Domain

extension ControlState {
  func planBudget(_ change: Change, _ context: CommandContext) throws(Refusal) -> ChangePlan {
    throw .changeNotSupported
  }
}
