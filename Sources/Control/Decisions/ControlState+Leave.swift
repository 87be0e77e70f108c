import Domain

extension ControlState {
  /// The grant under which a call may be made by a model; nil where there is none with room.
  func leave(for request: DecisionRequest, model: String, _ cost: Money?, _ context: CommandContext) -> String? {
    nil
  }

  /// The open request for the leave that a candidate lacks: the one that there is, or a new one.
  func askLeave(
    for candidate: Candidate, _ deliberation: Deliberation, _ context: CommandContext
  ) throws(Refusal) -> (approval: String, events: [PlannedEvent]) {
    let change = JSON.object([
      "change": .text("decide"), "operation": .text(deliberation.request.operation), "model": .text(candidate.name),
      "owner": .text(context.principal.owner), "ceiling": candidate.estimate?.cost?.json,
    ])
    let digest = context.digest(change.canonical)
    if let open = openApprovals.first(where: { $0.changeDigest == digest }) { return (open.id, []) }
    let asked = try decideRequest(
      .object([
        "kind": .text(ApprovalKind.action.rawValue), "change": change,
        "reason_code": .text(DecisionCode.approvalRequired.rawValue),
      ]), context)
    return (context.freshID, asked)
  }

  /// What using a grant causes: the end of one that serves once.
  func use(
    of approval: String?, _ deliberation: Deliberation, _ context: CommandContext
  ) throws(Refusal) -> [PlannedEvent] { [] }
}
