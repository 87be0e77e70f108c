import Domain

extension ControlState {
  /// Decides whether a call may be made, by which model, and reserves what it may cost.
  ///
  /// A pure function of the state, the request and the context; the five steps of domain.md, in order. Everything it uses of
  /// the context can be read from its event: the caller's key, kind and owner, the recorded time, the tokens of the persons,
  /// and the fresh id, which names the approval that it asks for, if any. Roles are not looked at.
  func decideRoute(_ body: JSON, _ context: CommandContext) throws(Refusal) -> [PlannedEvent] {
    guard let request = DecisionRequest(body, tokens: context.tokens) else { throw .incomplete("decision") }
    var deliberation = Deliberation(request)
    deliberation.reliance.policy = policy.position
    var effects: [PlannedEvent] = []
    if mayBeCalled(&deliberation), let route = findRoute(&deliberation) {
      deliberation.candidates = candidates(for: request, route, context, &deliberation)
      for index in deliberation.candidates.indices { tryCandidate(index, route, &deliberation, context) }
      effects = try conclude(&deliberation, context)
    }
    effects.insert(deliberation.event(body, context), at: 0)
    return effects
  }

  /// Takes in what an allowed decision concluded; what services decided by themselves changes nothing.
  mutating func applyDecision(_ event: AppliedEvent) {
    guard event.typeVersion >= 2 else { return }
    routing.pinSession(of: event)
    budgets.apply(decided: event)
  }

  /// Step 1: kill switches on everything, on the operation, on the user and on the team.
  private func mayBeCalled(_ deliberation: inout Deliberation) -> Bool {
    let request = deliberation.request
    guard let active = activeSwitch(request.scopes, &deliberation.reliance) else { return true }
    deliberation.deny(
      .killSwitchActive, "The kill switch on \(active.scope) is active since position \(active.position).")
    return false
  }

  /// The first of these scopes whose kill switch is active; notes what was looked at.
  func activeSwitch(_ scopes: @autoclosure () -> [String], _ reliance: inout Reliance) -> KillSwitch? {
    guard hasKillSwitches else { return nil }
    for scope in scopes() {
      let scope = ExactText(scope)
      if let active = killSwitch(scope) {
        reliance.killSwitches.insert(active.position)
        return active
      }
      if let subject = KillSwitch.subject(of: scope), let mark = mark(of: subject) {
        reliance.killSwitches.insert(mark.position)
      }
    }
    return nil
  }

  /// Step 2: the operation's route.
  private func findRoute(_ deliberation: inout Deliberation) -> Route? {
    let operation = deliberation.request.operation
    guard let route = route(operation) else {
      deliberation.deny(.unknownOperation, "There is no route for \(operation).")
      return nil
    }
    deliberation.route = route
    deliberation.reliance.route = route.position
    guard route.isEnabled else {
      deliberation.deny(.operationDisabled, "The route of \(operation) is disabled.")
      return nil
    }
    deliberation.steps.append(
      "\(operation) is \(route.criticality.rawValue), by its route at position \(route.position).")
    return route
  }

  /// Step 5, and what an allowed call reserves.
  private func conclude(
    _ deliberation: inout Deliberation, _ context: CommandContext
  ) throws(Refusal) -> [PlannedEvent] {
    if let winner = deliberation.winner {
      deliberation.outcome = .allowed
      deliberation.approval = winner.approval
      deliberation.reservations = reservations(deliberation, context)
      deliberation.steps.append("\(winner.name) may answer.")
      return use(of: winner.approval, deliberation, context)
    }
    if let waiting = deliberation.candidates.first(where: \.lacksOnlyApproval) {
      deliberation.outcome = .needsApproval
      deliberation.leading = .approvalRequired
      let (approval, events) = try askLeave(for: waiting, deliberation, context)
      deliberation.approval = approval
      deliberation.steps.append("\(waiting.name) lacks nothing but approval \(approval).")
      return events
    }
    deliberation.leading = deliberation.candidates.first?.code
    deliberation.steps.append("No candidate may answer.")
    return []
  }
}
