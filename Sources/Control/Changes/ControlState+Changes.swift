import Domain

extension ControlState {
  /// What a change would do, and what it puts at stake.
  ///
  /// - Throws: a refusal where the change cannot be made at all, approved or not.
  func plan(_ change: Change, _ context: CommandContext) throws(Refusal) -> ChangePlan {
    switch change.operation {
    case .configureRoute: try planRoute(change, context)
    case .configureModel: try planModel(change, context)
    case .configureBudget: try planBudget(change, context)
    case .changeToggle: try planToggle(change, context)
    case .configurePolicy: try planPolicy(change, context)
    case .listPrices: try planPrices(change, context)
    case .deactivateKillSwitch: try planDeactivation(change, context)
    case .addOwner: try planOwner(change, context)
    case .issueKey: try planKey(change, context)
    case .acceptRecommendation: try planAcceptance(change, context)
    case .grantStanding: try planStanding(change, context)
    case .closePeriod: try planClosing(change, context)
    case .reopenPeriod: try planReopening(change, context)
    case .rerate: try planRerate(change, context)
    case .eraseData: try planErasure(change, context)
    case .releaseHold: try planRelease(change, context)
    }
  }

  /// Makes a change, or asks for the approval that it needs.
  ///
  /// What comes before `ledger.opened` is bootstrap, and needs none.
  ///
  /// - Parameters:
  ///   - terms: what is said for the change where it needs an approval.
  ///   - breakGlass: the reason of an admin who makes it alone.
  func decideChange(
    _ change: Change, terms: ApprovalTerms?, breakGlass: String?, _ context: CommandContext
  ) throws(Refusal) -> [PlannedEvent] {
    try checkRights(of: change, context)
    let (change, plan) = try planned(change, context)
    guard let stake = plan.stake, settings != nil else { return plan.events }
    try context.refuseAgent("do what needs a second human: \(stake.why)")
    try context.refuseNewcomer(since: .latest, "ask for what needs a second human")
    if let breakGlass {
      if let refusal = change.operation.refusalAlone { throw refusal }
      return try self.breakGlass(for: change, plan, stake, reason: breakGlass, context)
    }
    return [try request(for: change, stake, terms, context)]
  }

  /// The change with the sequence that it is made against, and its plan.
  func planned(_ change: Change, _ context: CommandContext) throws(Refusal) -> (change: Change, plan: ChangePlan) {
    let present = sequence(of: change)
    if let expected = change.sequence, expected != present {
      throw Refusal(
        code: "subject-moved", status: 409,
        detail: "The subject stands at sequence \(present), not at \(expected): look at it again.")
    }
    var change = change
    change.sequence = present
    return (change, try plan(change, context))
  }
}

extension Change.Operation {
  /// What no admin does alone, whatever the need: how each is refused, and why.
  private static let neverAlone: [Change.Operation: (status: Int, why: String)] = [
    .eraseData: (403, "Nobody erases alone, as nobody could take it back after a review."),
    .closePeriod: (409, "Nobody closes a month alone, as finance signs for it: ask another owner."),
    .reopenPeriod: (409, "Nobody reopens a month alone, as finance signs for it: ask another owner."),
    .rerate: (409, "Nobody re-rates calls alone, as finance signs for it: ask another owner."),
  ]

  /// The answer to broken glass; nil where an admin may break it.
  fileprivate var refusalAlone: Refusal? {
    Self.neverAlone[self].map { Refusal(code: "second-owner-required", status: $0.status, detail: $0.why) }
  }
}

extension Refusal {
  /// A change whose kind this version does not know yet.
  static let changeNotSupported = Refusal(
    code: "change-not-supported", status: 422, detail: "This version cannot make such a change.")
}
