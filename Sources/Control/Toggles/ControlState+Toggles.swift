import Domain

extension ControlState {
  /// The toggle of this name; nil where it was never set, which is off.
  public func toggle(_ name: String) -> Toggle? { routing.toggles[name] }

  /// Every toggle that was set, by name.
  public var allToggles: [Toggle] { routing.toggles.values.sorted { ExactText($0.name) < ExactText($1.name) } }

  /// True where what a toggle stands for may happen.
  public func isOn(_ toggle: String) -> Bool { self.toggle(toggle)?.isEnabled == true }

  /// Lets a caller pass a toggle, which leaves no trace, or records that it may not.
  ///
  /// What is off is off for everybody, whoever controls the toggle: it has to be switched on first.
  func decideEnforcement(of name: String, _ context: CommandContext) -> [PlannedEvent] {
    if isOn(name) { return [] }
    let why =
      switch toggle(name) {
      case .some(let toggle) where toggle.isLocked: "the toggle is off and locked"
      case .some: "the toggle is off"
      case nil: "the toggle was never set, and so is off"
      }
    var derived = provenance(context)
    derived["toggle"] = .text(name)
    return [
      PlannedEvent(
        type: "command.refused", subject: "key/\(context.principal.key)",
        data: .object(["command": .text("toggle/\(name)"), "reason": .text(why)]), derived: derived)
    ]
  }
}
