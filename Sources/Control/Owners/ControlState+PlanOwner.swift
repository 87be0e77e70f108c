import Domain

extension ControlState {
  func planOwner(_ change: Change, _ context: CommandContext) throws(Refusal) -> ChangePlan {
    throw .changeNotSupported
  }
}
