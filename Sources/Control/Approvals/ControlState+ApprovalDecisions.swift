import Domain

extension ControlState {
  /// Grants: by a person whose owner is not the requester's, was there before the request, and did not grant before.
  ///
  /// The last grant of a change that the ledger makes makes it, in the same commit.
  func decideGrant(_ id: String, reason: String, _ context: CommandContext) throws(Refusal) -> [PlannedEvent] {
    try context.requireHuman("grant an approval")
    let approval = try openApproval(id, context)
    try Self.refuseRequester(of: approval, context)
    guard !approval.grants.contains(where: { $0.owner == context.principal.owner }) else {
      throw Refusal(
        code: "already-granted-by-owner", status: 409,
        detail: "This owner granted the approval already; a quorum counts owners, not keys.")
    }
    try context.refuseNewcomer(since: approval.requestedAt, "grant an approval")
    let released = try release(of: approval, context)
    let grants = approval.grants.count + 1
    let isLast = grants >= approval.quorum
    var derived = provenance(context)
    derived["grants"] = .integer(Int64(grants))
    derived["quorum"] = .integer(Int64(approval.quorum))
    let granted = Self.decision(
      "approval.granted", id, reason: reason, state: isLast ? .granted : .requested, derived)
    return isLast ? [granted] + released : [granted]
  }

  /// The events of the change that an approval releases, and its consumption; none where it is no change of the ledger's.
  ///
  /// The change is planned again: what it was made against must still be so.
  private func release(of approval: Approval, _ context: CommandContext) throws(Refusal) -> [PlannedEvent] {
    guard let change = Change(approval.change) else { return [] }
    guard change.sequence == sequence(of: change) else { throw .stale("its subject moved since") }
    guard approval.changeDigest == context.digest(change.json.canonical) else {
      throw .stale("its change is not the one that was asked for")
    }
    let plan: ChangePlan
    do { plan = try self.plan(change, context) } catch {
      throw .stale("it could not be made any more (\(error.code): \(error.detail))")
    }
    if let stake = plan.stake, stake.risk > approval.risk {
      throw .stale("more is at stake by now: \(stake.why)")
    }
    guard approval.executable != nil else { return [] }
    var consumed = provenance(context)
    consumed["consumed_by"] = .text(change.subject)
    return plan.events.map { $0.released(by: approval) } + [
      Self.decision(
        "approval.consumed", approval.id, reason: "the change was made", state: .consumed, consumed)
    ]
  }

  /// Rejects: by a person whose owner is not the requester's.
  func decideRejection(_ id: String, reason: String, _ context: CommandContext) throws(Refusal) -> [PlannedEvent] {
    try context.requireHuman("reject an approval")
    let approval = try openApproval(id, context)
    try Self.refuseRequester(of: approval, context)
    return [Self.decision("approval.rejected", id, reason: reason, state: .rejected, provenance(context))]
  }

  /// Withdraws: by any key of the requester's owner.
  func decideWithdrawal(_ id: String, reason: String, _ context: CommandContext) throws(Refusal) -> [PlannedEvent] {
    let approval = try openApproval(id, context)
    guard approval.requesterOwner == context.principal.owner else {
      throw Refusal(
        code: "not-the-requester", status: 403,
        detail: "Only the owner who asked for the approval may withdraw it.")
    }
    return [Self.decision("approval.withdrawn", id, reason: reason, state: .withdrawn, provenance(context))]
  }

  /// Takes a grant back before it is used up: by any person, whoever granted it, as this only tightens.
  func decideRevocationOfGrant(
    _ id: String, reason: String, _ context: CommandContext
  ) throws(Refusal) -> [PlannedEvent] {
    try context.requireHuman("revoke an approval")
    guard let approval = approvals[id] else { throw .unknownApproval }
    guard approval.isUsable, approval.end > context.now else {
      let state = approval.isUsable ? Approval.State.expired : approval.state
      throw Refusal(
        code: "approval-not-granted", status: 409,
        detail: "The approval is \(state.rawValue): there is no grant to take back.")
    }
    return [Self.decision("approval.revoked", id, reason: reason, state: .revoked, provenance(context))]
  }

  private func openApproval(_ id: String, _ context: CommandContext) throws(Refusal) -> Approval {
    guard let approval = approvals[id] else { throw .unknownApproval }
    guard approval.isOpen, approval.expiresAt > context.now else {
      let state = approval.isOpen ? Approval.State.expired : approval.state
      throw Refusal(
        code: "approval-not-open", status: 409, detail: "The approval is \(state.rawValue): nothing is to be decided."
      )
    }
    return approval
  }

  private static func refuseRequester(of approval: Approval, _ context: CommandContext) throws(Refusal) {
    guard approval.requesterOwner != context.principal.owner else {
      throw Refusal(
        code: "same-owner", status: 403,
        detail: "The owner who asked for an approval cannot decide it; an owner's other keys cannot either.")
    }
  }

  static func decision(
    _ type: String, _ id: String, reason: String, state: Approval.State, _ derived: JSON
  ) -> PlannedEvent {
    var derived = derived
    derived["state"] = .text(state.rawValue)
    return PlannedEvent(
      type: type, subject: "approval/\(id)", data: .object(["approval": .text(id), "reason": .text(reason)]),
      derived: derived)
  }
}

extension Refusal {
  static let unknownApproval = Refusal(
    code: "approval-not-found", status: 404, detail: "There is no approval with this id.")

  static func stale(_ why: String) -> Refusal {
    Refusal(
      code: "approval-stale", status: 409,
      detail: "The approval cannot be granted, as \(why): ask for another.")
  }
}

extension PlannedEvent {
  /// The same event, which says under which approval it was made, and who asked for it.
  fileprivate func released(by approval: Approval) -> PlannedEvent {
    var event = self
    var derived = event.derived ?? .object(JSONObject())
    derived["approval"] = .text(approval.id)
    derived["requested_by"] = .text(approval.requester)
    derived["requested_by_owner"] = .text(approval.requesterOwner)
    event.derived = derived
    return event
  }
}
