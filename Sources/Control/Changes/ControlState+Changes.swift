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
    if breakGlass != nil, change.operation == .eraseData {
      throw Refusal(
        code: "second-owner-required", status: 403,
        detail: "Nobody erases alone, as nobody could take it back after a review.")
    }
    if breakGlass != nil, change.operation.alwaysNeedsSecondOwner {
      throw Refusal(
        code: "second-owner-required", status: 409,
        detail: "What finance signs is never done alone: ask another owner.")
    }
    if let breakGlass { return try self.breakGlass(for: change, plan, stake, reason: breakGlass, context) }
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
  /// True where no admin may do it alone, whatever the need.
  fileprivate var alwaysNeedsSecondOwner: Bool { self == .closePeriod || self == .reopenPeriod || self == .rerate }
}

extension Refusal {
  /// A change whose kind this version does not know yet.
  static let changeNotSupported = Refusal(
    code: "change-not-supported", status: 422, detail: "This version cannot make such a change.")
}
