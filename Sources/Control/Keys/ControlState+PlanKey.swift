import Domain

extension ControlState {
  func planKey(_ change: Change, _ context: CommandContext) throws(Refusal) -> ChangePlan {
    throw .changeNotSupported
  }
}
