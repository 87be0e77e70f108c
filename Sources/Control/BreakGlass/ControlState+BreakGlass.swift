import Domain

extension ControlState {
  /// Changes made alone that wait for a review: so many at most, then somebody has to look at them first.
  static let unreviewedAtMost = 1_000

  /// Changes made alone that no other owner has reviewed yet, the oldest first.
  public var unreviewedGlass: [BrokenGlass] { glass.values.sorted { $0.position < $1.position } }

  mutating func applyGlass(used event: AppliedEvent) {
    let id = event.text("breakglass")
    guard let kind = ApprovalKind(rawValue: event.text("kind")) else { event.malformed("kind") }
    guard let risk = ApprovalRisk(rawValue: event.text("risk")) else { event.malformed("risk") }
    guard let change = event.data["change"] else { event.malformed("change") }
    glass[id] = BrokenGlass(
      id: id, kind: kind, risk: risk, change: change, reason: event.text("reason"), actor: event.actor,
      owner: event.owner, position: event.position, usedAt: event.recordedAt)
  }

  mutating func applyGlass(reviewed event: AppliedEvent) {
    let id = event.text("breakglass")
    if event.text("verdict") == "justified", let subject = glass[id]?.change["subject"]?.string {
      acknowledge(subject)
    }
    glass[id] = nil
  }

  /// Makes a change without a second human: an admin alone, with a reason, to be reviewed by another owner.
  func breakGlass(
    for change: Change, _ plan: ChangePlan, _ stake: Stake, reason: String, _ context: CommandContext
  ) throws(Refusal) -> [PlannedEvent] {
    try context.requireHuman("break the glass", systemPasses: true)
    guard context.principal.kind == .system || context.principal.roles.contains(.admin) else {
      throw Refusal(code: "admin-required", status: 403, detail: "Only an admin may break the glass.")
    }
    guard glass.values.count < Self.unreviewedAtMost else {
      throw Refusal(
        code: "too-much-unreviewed", status: 409,
        detail: "\(Self.unreviewedAtMost) changes made alone wait for a review: review some first.")
    }
    let id = context.freshID
    var derived = provenance(context)
    derived["why"] = .text(stake.why)
    let used = PlannedEvent(
      type: "breakglass.used", subject: "breakglass/\(id)",
      data: .object([
        "breakglass": .text(id), "change": change.json, "change_digest": .text(context.digest(change.json.canonical)),
        "kind": .text(stake.kind.rawValue), "risk": .text(stake.risk.rawValue), "reason": .text(reason),
      ]),
      derived: derived)
    return [used]
      + plan.events.map { event in
        var event = event
        var derived = event.derived ?? .object(JSONObject())
        derived["breakglass"] = .text(id)
        event.derived = derived
        return event
      }
  }

  /// Reviews a change that was made alone: a person of another owner, who was there before it was made.
  func decideReview(
    _ id: String, verdict: String, reason: String, _ context: CommandContext
  ) throws(Refusal) -> [PlannedEvent] {
    try context.requireHuman("review a broken glass")
    guard let broken = glass[id] else {
      throw Refusal(
        code: "break-glass-not-found", status: 404, detail: "Nothing of this id waits for a review.")
    }
    guard broken.owner != context.principal.owner else {
      throw Refusal(
        code: "same-owner", status: 403, detail: "The owner who broke the glass cannot review it.")
    }
    try context.refuseNewcomer(since: broken.usedAt, "review what was done before")
    return [
      PlannedEvent(
        type: "breakglass.reviewed", subject: "breakglass/\(id)",
        data: .object(["breakglass": .text(id), "verdict": .text(verdict), "reason": .text(reason)]),
        derived: provenance(context))
    ]
  }
}
