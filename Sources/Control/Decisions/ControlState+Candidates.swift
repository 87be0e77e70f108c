import Domain

extension ControlState {
  /// Step 3: the candidates, in order, each once.
  ///
  /// An agent that may not ask for models still gets what it would have got without asking: the model it asked for stands
  /// among the candidates as not allowed, unless it is one of them anyway.
  func candidates(
    for request: DecisionRequest, _ route: Route, _ context: CommandContext, _ deliberation: inout Deliberation
  ) -> [Candidate] {
    var named: [(name: String, origin: Candidate.Origin)] = []
    func add(_ name: String?, _ origin: Candidate.Origin) {
      guard let name = name.map({ routing.models.exactName($0) }), !named.contains(where: { $0.name == name }) else {
        return
      }
      named.append((name, origin))
    }
    let mayAsk = request.model == nil || mayAskForModels(context.principal, &deliberation.reliance)
    if mayAsk { add(request.model, .requested) }
    add(request.tier.flatMap { tiers[$0] }, .tier)
    add(pinnedModel(of: request.session, at: context.now), .session)
    add(route.primary, .primary)
    for fallback in route.fallbacks { add(fallback, .fallback) }
    add(policy.defaultModel, .ledgerDefault)
    if let tier = request.tier, tiers[tier] == nil {
      deliberation.steps.append("No model stands for \(tier.rawValue).")
    }
    var candidates = named.map { Candidate($0.name, $0.origin, model($0.name)) }
    if !mayAsk, let asked = request.model.map({ routing.models.exactName($0) }),
      !named.contains(where: { $0.name == asked })
    {
      var refused = Candidate(asked, .requested, model(asked))
      refused.fail(.notAllowed, "an agent asks for a model only while \(Toggle.agentsChangeModels) is on")
      candidates.insert(refused, at: 0)
    }
    return candidates
  }

  /// Asking for a model is a right: people and services have it, agents while the toggle is on.
  private func mayAskForModels(_ principal: Principal, _ reliance: inout Reliance) -> Bool {
    guard principal.kind == .agent else { return true }
    if let toggle = toggle(Toggle.agentsChangeModels) { reliance.toggles.insert(toggle.position) }
    return isOn(Toggle.agentsChangeModels)
  }
}
