import Domain

extension ControlState {
  /// The grant under which a call may be made by a model; nil where there is none with room.
  func leave(for request: DecisionRequest, model: String, _ cost: Money?, _ context: CommandContext) -> String? {
    grant(for: need(request, model, cost, context), named: request.approval, at: context.now)?.id
  }

  /// The open request for the leave that a candidate lacks: the one that there is, or a new one.
  func askLeave(
    for candidate: Candidate, _ deliberation: Deliberation, _ context: CommandContext
  ) throws(Refusal) -> (approval: String, events: [PlannedEvent]) {
    let need = need(deliberation.request, candidate.name, candidate.estimate?.cost, context)
    if let open = openRequest(context.digest(need.change.canonical)) { return (open.id, []) }
    let reason = DecisionCode.approvalRequired.rawValue
    guard let asked = try requestForDecision(need, reasonCode: reason, context) else {
      preconditionFailure("what is not open can be asked for")
    }
    return (String(asked.subject.dropFirst("approval/".count)), [asked])
  }

  /// What an allowed call causes besides: the end of a grant that serves once.
  func use(of approval: String?, _ deliberation: Deliberation, _ context: CommandContext) -> [PlannedEvent] {
    guard let approval = approval.flatMap({ self.approval($0) }) else { return [] }
    return consumption(of: approval, by: CallSubject.of(deliberation.request.id), context).map { [$0] } ?? []
  }

  private func need(
    _ request: DecisionRequest, _ model: String, _ cost: Money?, _ context: CommandContext
  ) -> GrantNeed {
    GrantNeed(operation: request.operation, model: model, owner: context.principal.owner, cost: cost)
  }
}
