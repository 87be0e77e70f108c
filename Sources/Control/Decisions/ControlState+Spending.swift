import Domain

extension ControlState {
  /// 4c and 4d: what limits and budgets say to a candidate.
  ///
  /// - Parameter spend: what the call counts for, and at most.
  func verdict(_ spend: (key: SpendKey, most: SpendEstimate), _ context: CommandContext) -> BudgetVerdict {
    let verdict = budgets.verdict(spend.key, spend.most, moment(context))
    if case .room = verdict, spend.most.cost == nil, policy.refusesUnknownPrice {
      return .refused(
        code: DecisionCode.priceUnknown.rawValue, budget: nil, retryAfterMilliseconds: nil,
        detail: "the policy refuses calls whose cost is not known")
    }
    return verdict
  }

  /// What an allowed decision reserves: for each budget the largest estimate among those that may serve, and the same
  /// of the ceiling of each grant that they would be served under.
  func reservations(_ deliberation: Deliberation, _ context: CommandContext) -> [JSON] {
    guard let winner = deliberation.winner?.spend else { return [] }
    let moment = moment(context)
    let budgeted = budgets.reservations(
      winner: winner, fallbacks: deliberation.fallbacks.compactMap(\.spend), moment)
    let granted = deliberation.charges.compactMap { budgets.reservation(under: $0.approval, $0.amount, moment) }
    return (budgeted + granted).map(\.json)
  }

  private func moment(_ context: CommandContext) -> BudgetMoment {
    BudgetMoment(context.now, zone: context.zone, reservationLife: policy.reservationLifeSeconds * 1_000_000)
  }

  /// What the call counts for when a model serves it.
  func spendKey(_ request: DecisionRequest, _ model: Model) -> SpendKey {
    SpendKey(
      operation: request.operation, model: model.name, provider: model.provider,
      tier: (model.tier ?? tier(of: model.name))?.rawValue, user: request.user, team: request.team,
      strategy: request.strategy)
  }
}
