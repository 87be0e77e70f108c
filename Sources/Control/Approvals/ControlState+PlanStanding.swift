import Domain

extension ControlState {
  func planStanding(_ change: Change, _ context: CommandContext) throws(Refusal) -> ChangePlan {
    throw .changeNotSupported
  }
}
