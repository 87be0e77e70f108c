import Domain

extension ControlState {
  /// The toggle without which agents recommend nothing.
  static let recommendingToggle = "helix_can_recommend_optimizations"
  /// Recommendations of one owner that wait: so many at most.
  static let recommendationsOfOneOwner = 100

  /// The recommendation with this id, while it waits.
  public func recommendation(_ id: String) -> Recommendation? { recommendations[id] }

  /// Recommendations that wait, the oldest first.
  public var openRecommendations: [Recommendation] { recommendations.values.sorted { $0.position < $1.position } }

  mutating func applyRecommendation(_ event: AppliedEvent) {
    let id = event.text("recommendation")
    guard let kind = Recommendation.Kind(rawValue: event.text("kind")) else { event.malformed("kind") }
    guard let change = event.derived?["change"].flatMap({ Change($0) }) else { event.malformed("change") }
    recommendations[id] = Recommendation(
      id: id, kind: kind, operation: event.text("operation"), change: change, actor: event.actor,
      actorKind: event.actorKind, owner: event.owner, position: event.position, madeAt: event.recordedAt)
  }

  mutating func closeRecommendation(_ event: AppliedEvent) { recommendations[event.text("recommendation")] = nil }

  /// Recommends a change: {operation, kind, proposed, current?, estimated_savings?, estimated_quality_impact?, confidence?,
  /// reasoning}.
  ///
  /// What could not be made as it stands is refused here, not when it is accepted.
  func decideRecommendation(_ body: JSON, _ context: CommandContext) throws(Refusal) -> [PlannedEvent] {
    if context.principal.kind == .agent, !isOn(Self.recommendingToggle) {
      throw Refusal(
        code: "agent-may-not-recommend", status: 403,
        detail: "A key of kind agent recommends only while the toggle \(Self.recommendingToggle) is on.")
    }
    let asked = try Self.proposal(body)
    let open = recommendations.values.count { $0.owner == context.principal.owner }
    guard open < Self.recommendationsOfOneOwner else {
      throw Refusal(
        code: "too-many-recommendations-open", status: 409,
        detail: "An owner has at most \(Self.recommendationsOfOneOwner) recommendations that wait.")
    }
    let (change, plan) = try planned(asked, context)
    let id = context.freshID
    var data = body
    data["recommendation"] = .text(id)
    var derived = provenance(context)
    derived["change"] = change.json
    derived["why"] = plan.stake.map { .text($0.why) }
    return [
      PlannedEvent(type: "recommendation.made", subject: "recommendation/\(id)", data: data, derived: derived)
    ]
  }

  private static func proposal(_ body: JSON) throws(Refusal) -> Change {
    guard let kind = body["kind"]?.string.flatMap(Recommendation.Kind.init(rawValue:)) else {
      throw .incomplete("kind")
    }
    guard let operation = body["operation"]?.string else { throw .incomplete("operation") }
    guard let proposed = body["proposed"], case .object = proposed,
      let subject = CommandCatalogue.forms[kind.changes]?.subject(proposed)
    else { throw .incomplete("proposed") }
    guard kind != .route || proposed["operation"]?.string == operation else {
      throw Refusal(code: "invalid-command", status: 422, detail: "The proposed route is another operation's.")
    }
    return Change(operation: kind.changes, subject: subject, body: proposed)
  }

  /// Plans to accept a recommendation: {recommendation, reason}; the events of the proposed change come first.
  ///
  /// It always takes a second human, however little is at stake: what a machine proposed is two people's decision.
  func planAcceptance(_ change: Change, _ context: CommandContext) throws(Refusal) -> ChangePlan {
    try context.refuseAgent("accept a recommendation")
    try context.requireHuman("accept a recommendation")
    guard let id = change.body["recommendation"]?.string else { throw .incomplete("recommendation") }
    guard let reason = change.body["reason"]?.string else { throw .incomplete("reason") }
    guard let recommendation = recommendations[id] else { throw .unknownRecommendation }
    let proposed = recommendation.change
    guard proposed.sequence == sequence(of: proposed) else {
      throw Refusal(
        code: "recommendation-stale", status: 409,
        detail: "What the recommendation would change moved since it was made: dismiss it.")
    }
    let inner = try plan(proposed, context)
    var derived = provenance(context)
    derived["change"] = proposed.json
    let accepted = PlannedEvent(
      type: "recommendation.accepted", subject: change.subject,
      data: .object(["recommendation": .text(id), "reason": .text(reason)]), derived: derived)
    let why = "a recommendation for \(recommendation.operation) is followed"
    let stake = Stake(
      inner.stake?.kind ?? .modelSwitch, max(inner.stake?.risk ?? .medium, .medium),
      inner.stake.map { "\(why): \($0.why)" } ?? why)
    return ChangePlan(events: inner.events + [accepted], stake: stake)
  }

  /// Dismisses a recommendation: people only.
  func decideDismissal(_ id: String, reason: String, _ context: CommandContext) throws(Refusal) -> [PlannedEvent] {
    try context.requireHuman("dismiss a recommendation")
    guard recommendations[id] != nil else { throw .unknownRecommendation }
    return [
      PlannedEvent(
        type: "recommendation.dismissed", subject: "recommendation/\(id)",
        data: .object(["recommendation": .text(id), "reason": .text(reason)]), derived: provenance(context))
    ]
  }
}

extension Refusal {
  static let unknownRecommendation = Refusal(
    code: "recommendation-not-found", status: 404, detail: "No recommendation of this id waits.")
}
