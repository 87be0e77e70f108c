import Domain

extension ControlState {
  /// The approval with this id.
  public func approval(_ id: String) -> Approval? { approvals[id] }

  /// Approvals that wait for a decision, in queue order.
  public var openApprovals: [Approval] { approvals.open.values.sorted(by: Approval.precedesInQueue) }

  /// Every approval that the state knows, newest first; `state` narrows.
  public func approvals(in state: Approval.State? = nil) -> [Approval] {
    if state == .requested { return openApprovals }
    return (approvals.open.values + approvals.closed.values).filter { state == nil || $0.state == state }.sorted {
      $0.requestedAt != $1.requestedAt
        ? $0.requestedAt > $1.requestedAt : ExactText($0.id) < ExactText($1.id)
    }
  }

  /// Asks for an approval: the ledger sets risk, quorum and life.
  func decideRequest(_ body: JSON, _ context: CommandContext) throws(Refusal) -> [PlannedEvent] {
    guard let kind = body["kind"]?.string.flatMap(ApprovalKind.init(rawValue:)) else { throw .incomplete("kind") }
    guard case .object = body["change"] else { throw .incomplete("change") }
    return [try request(body, atLeast: kind.risk, context)]
  }

  /// Asks for the approval that a change needs.
  func request(
    for change: Change, _ stake: Stake, _ terms: ApprovalTerms?, _ context: CommandContext
  ) throws(Refusal) -> PlannedEvent {
    var body = terms?.body ?? .object([ExactText: JSON]())
    body["kind"] = .text(stake.kind.rawValue)
    body["change"] = change.json
    if body["reason_code"] == nil { body["reason_code"] = .text(stake.kind.rawValue) }
    var event = try request(body, atLeast: stake.risk, context)
    event.derived?["why"] = .text(stake.why)
    return event
  }

  /// The request with what the ledger sets.
  private func request(
    _ body: JSON, atLeast least: ApprovalRisk, _ context: CommandContext
  ) throws(Refusal) -> PlannedEvent {
    let id = context.freshID
    guard approvals[id] == nil else {
      throw Refusal(code: "approval-exists", status: 409, detail: "There is an approval with this id already.")
    }
    let risk = try Self.risk(atLeast: least, body)
    guard (body["evidence"]?.elements ?? []).count >= risk.minimumEvidence else {
      throw Refusal(
        code: "evidence-required", status: 422,
        detail: "An approval of risk \(risk.rawValue) needs at least \(risk.minimumEvidence) item of evidence.")
    }
    var data = body
    data["change_digest"] = body["change"].map { .text(context.digest($0.canonical)) }
    data["risk"] = .text(risk.rawValue)
    data["expires_at"] = .text(try Self.expiry(of: risk, body, now: context.now).description)
    var derived = provenance(context)
    derived["risk"] = .text(risk.rawValue)
    derived["quorum"] = .integer(Int64(risk.quorum))
    derived["state"] = .text(Approval.State.requested.rawValue)
    return PlannedEvent(type: "approval.requested", subject: "approval/\(id)", data: data, derived: derived)
  }

  private static func risk(atLeast least: ApprovalRisk, _ body: JSON) throws(Refusal) -> ApprovalRisk {
    guard let asked = body["risk"] else { return least }
    guard let raised = asked.string.flatMap(ApprovalRisk.init(rawValue:)) else { throw .incomplete("risk") }
    return max(least, raised)
  }

  private static func expiry(of risk: ApprovalRisk, _ body: JSON, now: Timestamp) throws(Refusal) -> Timestamp {
    let longest = Timestamp(microseconds: now.microseconds + risk.longestLifeInHours * 3_600_000_000)
    guard let asked = body["expires_at"] else { return longest }
    guard let wanted = asked.string.flatMap({ Timestamp(rfc3339: $0) }) else { throw .incomplete("expires_at") }
    guard wanted > now, wanted <= longest else {
      throw Refusal(
        code: "expiry-out-of-range", status: 422,
        detail: "An approval of risk \(risk.rawValue) lives at most \(risk.longestLifeInHours) hours from now.")
    }
    return wanted
  }

  /// Grants: by a person whose owner is not the requester's and did not grant before.
  func decideGrant(_ id: String, reason: String, _ context: CommandContext) throws(Refusal) -> [PlannedEvent] {
    try context.requireHuman("grant an approval")
    let approval = try openApproval(id, context)
    try Self.refuseRequester(of: approval, context)
    guard !approval.grants.contains(where: { $0.owner == context.principal.owner }) else {
      throw Refusal(
        code: "already-granted-by-owner", status: 409,
        detail: "This owner granted the approval already; a quorum counts owners, not keys.")
    }
    let grants = approval.grants.count + 1
    let state: Approval.State = grants >= approval.quorum ? .granted : .requested
    var derived = provenance(context)
    derived["grants"] = .integer(Int64(grants))
    derived["quorum"] = .integer(Int64(approval.quorum))
    return [Self.decision("approval.granted", id, reason: reason, state: state, derived)]
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

  private func openApproval(_ id: String, _ context: CommandContext) throws(Refusal) -> Approval {
    guard let approval = approvals[id] else {
      throw Refusal(code: "approval-not-found", status: 404, detail: "There is no approval with this id.")
    }
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

  private static func decision(
    _ type: String, _ id: String, reason: String, state: Approval.State, _ derived: JSON
  ) -> PlannedEvent {
    var derived = derived
    derived["state"] = .text(state.rawValue)
    return PlannedEvent(
      type: type, subject: "approval/\(id)", data: .object(["approval": .text(id), "reason": .text(reason)]),
      derived: derived)
  }
}
