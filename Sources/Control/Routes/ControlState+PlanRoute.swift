import Domain

extension ControlState {
  /// The route of an operation.
  public func route(_ operation: String) -> Route? { routing.routes[operation] }

  /// Every route, by operation.
  public var allRoutes: [Route] { routing.routes.values.sorted { ExactText($0.operation) < ExactText($1.operation) } }

  /// Configures a route.
  ///
  /// Free: to disable it, to take fallbacks away, to require more, to raise its criticality, and to make it in the first
  /// place, as nothing was served without it.
  func planRoute(_ change: Change, _ context: CommandContext) throws(Refusal) -> ChangePlan {
    guard let route = Route(change.body, position: 0) else { throw .incomplete("route") }
    guard Set(route.models).count == route.models.count else {
      throw Refusal(
        code: "model-repeated", status: 422, detail: "A route names each model once, as its primary or a fallback.")
    }
    guard Set(route.requiredEvaluations).count == route.requiredEvaluations.count else {
      throw Refusal(code: "evaluation-repeated", status: 422, detail: "A route requires each evaluation once.")
    }
    var stakes = Stakes()
    if let present = self.route(route.operation) { stakes.compare(present, route) }
    let event = PlannedEvent(
      type: "route.configured", subject: change.subject, data: change.body, derived: provenance(context),
      lastSequence: sequence(of: change))
    return ChangePlan(events: [event], stake: stakes.combined)
  }

  /// An agent cannot make a route that serves.
  func checkRouteRights(_ change: Change, _ context: CommandContext) throws(Refusal) {
    guard route(change.body["operation"]?.string ?? "") == nil, change.body["enabled"]?.boolean == true else {
      return
    }
    try context.refuseAgent("make a route that serves")
  }
}

extension Stakes {
  /// What is given up where a route takes the place of another.
  fileprivate mutating func compare(_ present: Route, _ route: Route) {
    let operation = route.operation
    note(!present.isEnabled && route.isEnabled, .loosening, .high, "\(operation) is enabled again")
    note(route.criticality < present.criticality, .loosening, .high, "the criticality of \(operation) is lowered")
    let dropped = Set(present.requiredEvaluations).subtracting(route.requiredEvaluations).sorted()
    note(
      !dropped.isEmpty, .loosening, .high,
      "\(operation) no longer requires \(dropped.joined(separator: ", "))")
    let isNarrowed = route.primary == present.primary && route.fallbacks.isSubsequence(of: present.fallbacks)
    note(
      !isNarrowed, .modelSwitch, present.criticality == .high ? .medium : .low,
      "\(operation) is served by \(route.models.joined(separator: ", ")) instead of "
        + present.models.joined(separator: ", "))
    note(
      CallEstimate.isLower(route.maxOutputTokens, than: present.maxOutputTokens), .costIncrease, .medium,
      "less is reserved for a call of \(operation)")
  }
}

extension Array where Element: Equatable {
  /// True where the elements stand in `other` too, in the same order.
  fileprivate func isSubsequence(of other: [Element]) -> Bool {
    var rest = other[...]
    for element in self {
      guard let place = rest.firstIndex(of: element) else { return false }
      rest = rest[(place + 1)...]
    }
    return true
  }
}
