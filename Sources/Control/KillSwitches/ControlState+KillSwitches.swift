public import Domain

extension ControlState {
  /// The active switch of a scope.
  public func killSwitch(_ scope: ExactText) -> KillSwitch? { activeSwitches[scope] }

  /// Every active switch, by scope.
  public var activeKillSwitches: [KillSwitch] { activeSwitches.values.sorted { $0.scope < $1.scope } }

  mutating func applyActivated(_ event: AppliedEvent) {
    hasKillSwitches = true
    let scope = ExactText(event.text("scope"))
    activeSwitches[scope] = KillSwitch(
      scope: scope, reason: event.text("reason"), triggeredBy: event.text("triggered_by"), actor: event.actor,
      position: event.position, activatedAt: event.recordedAt)
  }

  mutating func applyDeactivated(_ event: AppliedEvent) { activeSwitches[ExactText(event.text("scope"))] = nil }

  /// Activates: anybody whose key may stop.
  func decideActivation(
    _ scope: ExactText, reason: String, triggeredBy: String, _ context: CommandContext
  ) throws(Refusal) -> [PlannedEvent] {
    let subject = try Self.subject(of: scope)
    guard activeSwitches[scope] == nil else {
      throw Refusal(
        code: "kill-switch-already-active", status: 409, detail: "The kill switch of this scope is active already.")
    }
    return [change("killswitch.activated", subject, scope, reason: reason, triggeredBy: triggeredBy, context)]
  }

  private static func subject(of scope: ExactText) throws(Refusal) -> String {
    guard let subject = KillSwitch.subject(of: scope) else {
      throw Refusal(
        code: "invalid-scope", status: 422,
        detail: "A scope is global, or a name under operation/, model/, provider/, user/ or team/.")
    }
    return subject
  }

  /// What an agent triggers is said to be triggered by an agent, whatever its body says.
  private func change(
    _ type: String, _ subject: String, _ scope: ExactText, reason: String, triggeredBy: String,
    _ context: CommandContext
  ) -> PlannedEvent {
    let trigger = context.principal.kind == .agent ? "agent" : triggeredBy
    return PlannedEvent(
      type: type, subject: subject,
      data: .object(["scope": .string(scope), "reason": .text(reason), "triggered_by": .text(trigger)]),
      derived: provenance(context))
  }
}
