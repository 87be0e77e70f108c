import Domain

extension ControlState {
  /// Changes a toggle. Free: to switch it off, to lock it, and to leave it to fewer.
  func planToggle(_ change: Change, _ context: CommandContext) throws(Refusal) -> ChangePlan {
    guard let toggle = Toggle(change.body, position: 0) else { throw .incomplete("toggle") }
    let present = self.toggle(toggle.name)
    let isSwitchedOn = toggle.isEnabled && present?.isEnabled != true
    if let present, present.isLocked, toggle.isLocked, isSwitchedOn {
      throw Refusal(
        code: "toggle-locked", status: 409, detail: "The toggle \(toggle.name) is locked: it must be unlocked first.")
    }
    var stakes = Stakes()
    stakes.note(isSwitchedOn, .loosening, .high, "\(toggle.name) is switched on")
    stakes.note(present?.isLocked == true && !toggle.isLocked, .loosening, .high, "\(toggle.name) is unlocked")
    stakes.note(
      present?.control == .adminOnly && toggle.control != .adminOnly, .loosening, .high,
      "others than admins may switch \(toggle.name)")
    let event = PlannedEvent(
      type: "toggle.changed", subject: change.subject, data: change.body, derived: provenance(context),
      lastSequence: sequence(of: change))
    return ChangePlan(events: [event], stake: stakes.combined)
  }

  /// Whoever does not control a toggle may only switch it off and lock it.
  func checkToggleRights(_ change: Change, _ context: CommandContext) throws(Refusal) {
    guard let toggle = Toggle(change.body, position: 0) else { throw .incomplete("toggle") }
    let present = self.toggle(toggle.name)
    let isTighter =
      !(toggle.isEnabled && present?.isEnabled != true) && !(present?.isLocked == true && !toggle.isLocked)
      && (present == nil || toggle.control == present?.control || toggle.control == .adminOnly)
    if isTighter { return }
    try context.refuseAgent("switch or unlock a toggle")
    let roles: Set<Role> =
      switch present?.control ?? toggle.control {
      case .adminOnly: [.admin]
      case .user: [.operator]
      case .both: [.admin, .operator]
      }
    try context.requireRole(roles, to: "switch the toggle \(toggle.name)")
  }
}
