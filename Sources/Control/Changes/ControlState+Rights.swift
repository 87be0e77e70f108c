import Domain

extension ControlState {
  /// Refuses who may not ask for a change whatever is approved; asked when it is requested, not again when it is granted.
  func checkRights(of change: Change, _ context: CommandContext) throws(Refusal) {
    if context.principal.kind == .system { return }
    switch change.operation {
    case .configureRoute: try checkRouteRights(change, context)
    case .configureModel: try checkModelRights(change, context)
    case .changeToggle: try checkToggleRights(change, context)
    case .acceptRecommendation:
      let recommendation = change.body["recommendation"]?.string.flatMap { recommendations[$0] }
      if let recommendation { try checkRights(of: recommendation.change, context) }
    case .closePeriod: try checkFinanceRights("close a month", context)
    case .reopenPeriod: try checkFinanceRights("reopen a month", context)
    case .rerate: try checkFinanceRights("re-rate past calls", context)
    default: return
    }
  }
}

extension CommandContext {
  /// Refuses whose key has none of these roles.
  func requireRole(_ roles: Set<Role>, to deed: String) throws(Refusal) {
    guard roles.isDisjoint(with: principal.roles) else { return }
    let names = roles.sorted().map(\.rawValue).joined(separator: " or ")
    throw Refusal(code: "role-required", status: 403, detail: "It takes the role \(names) to \(deed).")
  }
}
