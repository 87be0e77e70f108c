import Domain

extension ControlState {
  /// What was asked, as an event that the log holds tells it; nil for facts, and for commands that are not reenacted: those
  /// of keys, owners, prices, requests and recommendations.
  func reenacted(_ event: AppliedEvent) -> (command: Command, freshID: String)? {
    switch event.type {
    case "route.decided" where event.typeVersion >= 2, "route.denied" where event.typeVersion >= 2:
      return event.data["request"].map { (.decide($0), event.derived?["approval"]?.string ?? "") }
    case "breakglass.used":
      guard let change = event.data["change"].flatMap(Change.init) else { return nil }
      let command = Command.change(change, terms: nil, breakGlass: event.data["reason"]?.string)
      return (command, event.data["breakglass"]?.string ?? "")
    case "killswitch.activated":
      guard let scope = event.data["scope"]?.string, let trigger = event.data["triggered_by"]?.string else {
        return nil
      }
      return (
        .activateKillSwitch(
          scope: ExactText(scope), reason: event.data["reason"]?.string ?? "", triggeredBy: trigger), ""
      )
    case "entry.reversed", "cost.restated": return reenactedCorrection(event).map { ($0, "") }
    case "rate.listed": return (.listRate(event.data), "")
    case "reconciliation.differed": return (.recordDifference(event.data), "")
    case "rerate.completed": return event.data["rerate"]?.string.map { (.completeRerate($0), "") }
    case "hold.placed": return (.placeHold(event.data), "")
    // What comes before the opening is bootstrap, and exempt from second humans.
    case let type where type.hasPrefix("approval."):
      return settings == nil ? nil : approvalCommand(event).map { ($0, "") }
    default:
      guard let operation = Self.reenactedChanges[event.type] else { return nil }
      let change = Change(operation: operation, subject: event.subject, body: event.data)
      return (.change(change, terms: nil, breakGlass: nil), "")
    }
  }

  /// The changes whose event holds their whole body.
  private static let reenactedChanges: [String: Change.Operation] = [
    "route.configured": .configureRoute, "model.configured": .configureModel,
    "budget.configured": .configureBudget, "toggle.changed": .changeToggle, "policy.configured": .configurePolicy,
    "killswitch.deactivated": .deactivateKillSwitch, "period.closed": .closePeriod,
    "period.reopened": .reopenPeriod, "rerate.approved": .rerate,
    "hold.released": .releaseHold,
    // Only as what a grant released: by itself, the rules would have asked for an approval.
    "payload.erased": .eraseData,
  ]

  private func approvalCommand(_ event: AppliedEvent) -> Command? {
    guard let id = event.data["approval"]?.string, let reason = event.data["reason"]?.string else { return nil }
    return switch event.type {
    case "approval.granted": .grantApproval(id: id, reason: reason)
    case "approval.rejected": .rejectApproval(id: id, reason: reason)
    case "approval.withdrawn": .withdrawApproval(id: id, reason: reason)
    case "approval.revoked": .revokeApproval(id: id, reason: reason)
    default: nil
    }
  }
}
