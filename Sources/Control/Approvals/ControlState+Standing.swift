import Domain

extension ControlState {
  /// The longest life of a standing approval: a year and a day.
  static let longestStanding: Int64 = 366 * 86_400_000_000

  /// Plans a standing approval: {operation, model?, ceiling, ends}. It is made against the route as it stands.
  ///
  /// The events are those of one that nobody else grants: of bootstrap, and of a broken glass.
  func planStanding(_ change: Change, _ context: CommandContext) throws(Refusal) -> ChangePlan {
    try context.requireHuman("ask for a standing approval", systemPasses: true)
    guard let coverage = Coverage(change.json), let ends = coverage.ends else { throw .incomplete("ends") }
    guard let ceiling = coverage.ceiling, ceiling.amount > .zero else { throw .incomplete("ceiling") }
    guard mark(of: change.subject) != nil else {
      throw Refusal(
        code: "unknown-operation", status: 422, detail: "There is no route for the operation \(coverage.operation).")
    }
    let life = ends.microseconds - context.now.microseconds
    guard life > 0, life <= Self.longestStanding else {
      throw Refusal(
        code: "expiry-out-of-range", status: 422, detail: "A standing approval ends within 366 days from now.")
    }
    let stake = Stake(
      .standing, .high,
      "\(coverage.model ?? "any model") may serve \(coverage.operation) until \(ends), for up to \(ceiling)")
    return ChangePlan(events: standingEvents(change, stake, context), stake: stake)
  }

  private func standingEvents(_ change: Change, _ stake: Stake, _ context: CommandContext) -> [PlannedEvent] {
    let id = context.freshID
    let end = context.now.microseconds + stake.risk.longestLifeInHours * 3_600_000_000
    var derived = provenance(context)
    derived["risk"] = .text(stake.risk.rawValue)
    derived["quorum"] = .integer(0)
    derived["why"] = .text(stake.why)
    var requested = derived
    requested["state"] = .text(Approval.State.requested.rawValue)
    let data = JSON.object([
      "kind": .text(stake.kind.rawValue), "change": change.json,
      "change_digest": .text(context.digest(change.json.canonical)), "reason_code": .text(stake.kind.rawValue),
      "risk": .text(stake.risk.rawValue), "expires_at": .text(Timestamp(microseconds: end).description),
    ])
    return [
      PlannedEvent(type: "approval.requested", subject: "approval/\(id)", data: data, derived: requested),
      Self.decision(
        "approval.granted", id, reason: "granted without a second human", state: .granted, provenance(context)),
    ]
  }
}
