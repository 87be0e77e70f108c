import Domain

extension ControlState {
  func planModel(_ change: Change, _ context: CommandContext) throws(Refusal) -> ChangePlan {
    throw .changeNotSupported
  }
}
