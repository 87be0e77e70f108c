import Domain

extension ControlState {
  /// Plans to let a scope run again: {scope, reason, triggered_by}. It always takes a second human.
  func planDeactivation(_ change: Change, _ context: CommandContext) throws(Refusal) -> ChangePlan {
    try context.refuseAgent("deactivate a kill switch")
    try context.requireHuman("deactivate a kill switch")
    guard let scope = change.body["scope"]?.string.map({ ExactText($0) }) else { throw .incomplete("scope") }
    guard let reason = change.body["reason"]?.string else { throw .incomplete("reason") }
    guard KillSwitch.subject(of: scope) == change.subject else { throw .incomplete("scope") }
    guard activeSwitches[scope] != nil else {
      throw Refusal(
        code: "kill-switch-not-active", status: 409, detail: "The kill switch of this scope is not active.")
    }
    let event = PlannedEvent(
      type: "killswitch.deactivated", subject: change.subject,
      data: .object([
        "scope": .string(scope), "reason": .text(reason),
        "triggered_by": .text(change.body["triggered_by"]?.string ?? "api"),
      ]),
      derived: provenance(context))
    let isGlobal = scope == "global"
    return ChangePlan(
      events: [event], stake: Stake(.loosening, isGlobal ? .high : .medium, "\(scope) may run again"))
  }
}
