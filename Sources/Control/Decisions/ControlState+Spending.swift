import Domain

extension ControlState {
  /// 4c and 4d: what limits and budgets say to a candidate.
  func verdict(
    _ request: DecisionRequest, _ model: Model, _ estimate: CallEstimate, _ context: CommandContext
  ) -> BudgetVerdict {
    let spend = SpendEstimate(cost: estimate.cost, tokens: estimate.tokens)
    let verdict = budgets.verdict(spendKey(request, model), spend, moment(context))
    if case .room = verdict, estimate.cost == nil, policy.refusesUnknownPrice {
      return .refused(
        code: DecisionCode.priceUnknown.rawValue, budget: nil, retryAfterMilliseconds: nil,
        detail: "the policy refuses calls whose cost is not known")
    }
    return verdict
  }

  /// What an allowed decision reserves: for each budget the largest estimate among those that may serve, and the same
  /// of the ceiling of each grant that they would be served under.
  func reservations(_ deliberation: Deliberation, _ context: CommandContext) -> [JSON] {
    func spend(_ candidate: Candidate) -> (SpendKey, SpendEstimate)? {
      guard let model = candidate.model, let estimate = candidate.estimate else { return nil }
      return (
        spendKey(deliberation.request, model), SpendEstimate(cost: estimate.cost, tokens: estimate.tokens)
      )
    }
    guard let winner = deliberation.winner.flatMap(spend) else { return [] }
    let moment = moment(context)
    let budgeted = budgets.reservations(
      winner: winner, fallbacks: deliberation.fallbacks.compactMap(spend), moment)
    let granted = deliberation.charges.compactMap { budgets.reservation(under: $0.approval, $0.amount, moment) }
    return (budgeted + granted).map(\.json)
  }

  private func moment(_ context: CommandContext) -> BudgetMoment {
    BudgetMoment(context.now, zone: context.zone, reservationLife: policy.reservationLifeSeconds * 1_000_000)
  }

  /// What the call counts for when a model serves it.
  private func spendKey(_ request: DecisionRequest, _ model: Model) -> SpendKey {
    SpendKey(
      operation: request.operation, model: model.name, provider: model.provider,
      tier: (model.tier ?? tier(of: model.name))?.rawValue, user: request.user, team: request.team,
      strategy: request.strategy)
  }
}
