import Domain

extension ControlState {
  /// Step 4: looks whether a candidate passes; the first that does is chosen, those after it may serve as fallbacks.
  func tryCandidate(
    _ index: Int, _ route: Route, _ deliberation: inout Deliberation, _ context: CommandContext
  ) {
    // Each in its place: a candidate that is taken out and put back is counted up and down with all that it holds.
    if deliberation.candidates[index].code == .notAllowed {
      // Asked for by an agent without the right to.
    } else if let model = admit(&deliberation.candidates[index], route, &deliberation.reliance, context) {
      let estimate = estimate(deliberation.request, route, model, at: context.now)
      deliberation.candidates[index].estimate = estimate
      deliberation.reliance.prices.formUnion(estimate.priceIDs)
      judge(&deliberation.candidates[index], model, estimate, route, deliberation.request, context)
    }
    if deliberation.candidates[index].code == nil,
      deliberation.candidates[..<index].contains(where: { $0.fate == .chosen })
    {
      deliberation.candidates[index].fate = .fallback
    }
    deliberation.steps.append(deliberation.candidates[index].step)
  }

  /// 4a: whether the model may be used at all: kill switches, platform and ledger, caller, evaluations, cool-down.
  private func admit(
    _ candidate: inout Candidate, _ route: Route, _ reliance: inout Reliance, _ context: CommandContext
  ) -> Model? {
    let model = candidate.model
    if let model { reliance.models.insert(model.position) }
    if let active = activeSwitch(candidate.scopes, &reliance) {
      candidate.fail(.killSwitchActive, "\(active.scope) is stopped since position \(active.position)")
      return nil
    }
    guard let model else {
      candidate.fail(.modelDisabled, "the model is not configured")
      return nil
    }
    guard model.isPlatformEnabled, model.isEnabled else {
      let whose = model.isPlatformEnabled ? "ledger" : "platform"
      candidate.fail(.modelDisabled, "the model is not enabled for the \(whose)")
      return nil
    }
    guard model.allows(context.principal) else {
      candidate.fail(.notAllowed, "the model is not allowed to this caller")
      return nil
    }
    for suite in route.requiredEvaluations {
      let evaluation = evaluation(route.operation, model.name, suite)
      if let evaluation { reliance.evaluations.insert(evaluation.position) }
      guard evaluation?.passed == true else {
        candidate.fail(.evaluationMissing, "\(suite) was \(evaluation == nil ? "not recorded" : "failed")")
        return nil
      }
    }
    if let until = coolsUntil(model.name, at: context.now) {
      candidate.fail(
        .coolingDown, "the model cools down until \(until)",
        retryAfterMilliseconds: (until.microseconds(since: context.now) + 999) / 1_000)
      return nil
    }
    return model
  }

  /// 4b to 4d: approval, limits and budgets. A candidate without approval is judged to the end, to know what else it lacks.
  private func judge(
    _ candidate: inout Candidate, _ model: Model, _ estimate: CallEstimate, _ route: Route,
    _ request: DecisionRequest, _ context: CommandContext
  ) {
    candidate.fate = .chosen
    let spend = (spendKey(request, model), SpendEstimate(cost: estimate.cost, tokens: estimate.tokens))
    candidate.spend = spend
    let verdict = verdict(spend, context)
    if route.criticality == .high || request.requiresApproval {
      candidate.approval = leave(for: request, model: model.name, estimate.cost, context)
      guard candidate.approval != nil else {
        if case .room = verdict { candidate.lacksOnlyApproval = true }
        candidate.fail(.approvalRequired, "no grant with room covers \(request.operation) by \(model.name)")
        return
      }
    }
    switch verdict {
    case .room(let warnings): candidate.warnings = warnings
    case .refused(let code, _, let retryAfter, let detail):
      guard let code = DecisionCode(rawValue: code) else { preconditionFailure("a budget refuses with \(code)") }
      candidate.fail(code, detail, retryAfterMilliseconds: retryAfter)
    }
  }
}

extension Candidate {
  /// What was found about it, in a sentence.
  fileprivate var step: String {
    switch fate {
    case .chosen: "\(name) (\(origin.rawValue)) passes\(approval.map { " under approval \($0)" } ?? "")."
    case .fallback: "\(name) (\(origin.rawValue)) may serve as a fallback."
    case .failed(let code): "\(name) (\(origin.rawValue)): \(code.rawValue)\(detail.map { ", \($0)" } ?? "")."
    }
  }
}
