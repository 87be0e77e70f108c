public import Domain

/// What the ledger must know to answer: a pure value folded from the log.
///
/// Changes go into an overlay: `apply` writes there, `merge` takes it over once the batch is committed, `drop`
/// forgets it. Reading always sees the overlay. No I/O, clock, randomness or environment inside. Each part of the
/// state has a folder with its values, its fold and its decisions.
public struct ControlState: Sendable {
  /// The version of the rules that decisions are made under; recorded when a ledger is opened.
  public static let rulesVersion = 1
  /// The ledger of what belongs to the deployment: owners, keys, ledgers.
  public static let systemLedger = "system"

  /// The ledger's name.
  public let ledger: String
  /// Position of the last event applied (overlay included).
  public private(set) var position: Int64 = 0
  /// Position of the last event merged.
  public private(set) var mergedPosition: Int64 = 0

  var settingsPart = SettingsPart()
  var owners = Layered<String, Owner>()
  var keys = Layered<String, KeyRecord>()
  var priceBook = PriceBook()
  var approvals = ApprovalRegister()
  var activeSwitches = Layered<ExactText, KillSwitch>()
  var marks = Layered<String, SubjectMark>()
  /// False while no kill switch was ever activated: decisions need not look for one then.
  var hasKillSwitches = false
  var budgets = BudgetRegister()
  var routing = RoutingPart()
  var glass = Layered<String, BrokenGlass>()
  var recommendations = Layered<String, Recommendation>()
  var periods = PeriodRegister()
  var rerates = Layered<String, Rerate>()
  var holds = Layered<String, Hold>()

  /// Starts empty, at position 0.
  public init(ledger: String) { self.ledger = ledger }

  /// Starts at a merged position, for a snapshot to fill in.
  init(ledger: String, position: Int64) {
    self.ledger = ledger
    self.position = position
    self.mergedPosition = position
  }

  /// The types that change the state; a reader may skip the others.
  public static let eventTypes: Set<String> = RoutingPart.eventTypes.union([
    "ledger.opened", "owner.added", "key.issued", "key.revoked", "price.listed", "price.aliased",
    "approval.requested", "approval.granted", "approval.rejected", "approval.withdrawn", "approval.expired",
    "approval.revoked", "approval.consumed", "breakglass.used", "breakglass.reviewed", "key.rotated",
    "recommendation.made", "recommendation.accepted", "recommendation.dismissed",
    "killswitch.activated", "killswitch.deactivated",
    "budget.configured", "budget.threshold_crossed", "reservation.expired", "completion.recorded",
    "route.decided", "period.closed", "period.reopened", "rerate.approved", "rerate.completed", "hold.placed",
    "hold.released", "payload.erased",
  ]).union(postingTypes)

  /// Applies one event of the log; events of other types only move the position.
  ///
  /// Positions ascend. Events of the state's own types have the shape that the catalogue checked when they were
  /// written: anything else is a damaged log, and stops the process rather than decide on a guess.
  public mutating func apply(_ event: AppliedEvent) {
    precondition(event.position > position, "positions ascend: \(event.position) after \(position)")
    position = event.position
    if Self.postingTypes.contains(event.type) { applyPosting(event) }
    if Self.eventTypes.contains(event.type), SubjectMark.isKept(for: event.subject) {
      marks[event.subject] = SubjectMark(sequence: event.sequence, position: event.position)
    }
    switch event.type {
    case "ledger.opened": settingsPart.apply(opened: event)
    case "owner.added": applyOwner(event)
    case "key.issued": applyIssued(event)
    case "key.revoked": applyRevoked(event)
    case "key.rotated": applyRotated(event)
    case "price.listed": priceBook.list(Price(listed: event), recordedAt: event.recordedAt)
    case "price.aliased": priceBook.name(PriceAlias(aliased: event), recordedAt: event.recordedAt)
    case "approval.requested": approvals.apply(requested: event)
    case "approval.granted": applyGranted(event)
    case "approval.rejected": approvals.close(event, as: .rejected)
    case "approval.withdrawn": approvals.close(event, as: .withdrawn)
    case "approval.expired": approvals.close(event, as: .expired)
    case "approval.revoked": approvals.close(event, as: .revoked)
    case "approval.consumed": approvals.close(event, as: .consumed)
    case "breakglass.used": applyGlass(used: event)
    case "breakglass.reviewed": applyGlass(reviewed: event)
    case "recommendation.made": applyRecommendation(event)
    case "recommendation.accepted", "recommendation.dismissed": closeRecommendation(event)
    case "killswitch.activated": applyActivated(event)
    case "killswitch.deactivated": applyDeactivated(event)
    case "budget.configured": budgets.apply(configured: event)
    case "budget.threshold_crossed": budgets.apply(crossed: event)
    case "reservation.expired": budgets.apply(expired: event)
    case "completion.recorded": applyCompletion(event)
    case "route.decided": applyDecision(event)
    case "period.closed": periods.close(PeriodClosing(closed: event))
    case "period.reopened": applyReopened(event)
    case "rerate.approved": applyApproved(rerate: event)
    case "entry.adjusted": applyAdjusted(event)
    case "rerate.completed": rerates[event.text("rerate")] = nil
    case "hold.placed": applyPlaced(event)
    case "hold.released": applyReleased(event)
    default: routing.apply(event)
    }
  }

  /// Says that everything up to `position` was seen, though nothing of it concerned the state.
  public mutating func advance(to position: Int64) {
    precondition(position >= self.position, "positions ascend: \(position) after \(self.position)")
    self.position = position
  }

  /// Makes the overlay part of the state.
  public mutating func merge() {
    mergedPosition = position
    settingsPart.merge()
    owners.merge()
    keys.merge()
    priceBook.merge()
    approvals.merge()
    activeSwitches.merge()
    marks.merge()
    budgets.merge()
    routing.merge()
    glass.merge()
    recommendations.merge()
    periods.merge()
    rerates.merge()
    holds.merge()
  }

  /// Forgets the overlay.
  public mutating func drop() {
    position = mergedPosition
    settingsPart.drop()
    owners.drop()
    keys.drop()
    priceBook.drop()
    approvals.drop()
    activeSwitches.drop()
    marks.drop()
    budgets.drop()
    routing.drop()
    glass.drop()
    recommendations.drop()
    periods.drop()
    rerates.drop()
    holds.drop()
  }

  /// The events due at or before `now` (expired approvals and reservations), in a reproducible order.
  public func due(at now: Timestamp) -> [PlannedEvent] { approvals.due(at: now) + budgets.due(at: now) }

  /// Decides a command: the events it causes, or a refusal.
  ///
  /// What is due at the context's `now` must have been applied before.
  public func decide(_ command: Command, _ context: CommandContext) throws(Refusal) -> [PlannedEvent] {
    switch command {
    case .openLedger(let body, let prices, let changes):
      try decideOpening(body, prices: prices, changes: changes, context)
    case .change(let change, let terms, let breakGlass):
      try decideChange(change, terms: terms, breakGlass: breakGlass, context)
    case .requestApproval(let body): try decideRequest(body, context)
    case .grantApproval(let id, let reason): try decideGrant(id, reason: reason, context)
    case .rejectApproval(let id, let reason): try decideRejection(id, reason: reason, context)
    case .withdrawApproval(let id, let reason): try decideWithdrawal(id, reason: reason, context)
    case .revokeApproval(let id, let reason): try decideRevocationOfGrant(id, reason: reason, context)
    case .reviewBreakGlass(let id, let verdict, let reason):
      try decideReview(id, verdict: verdict, reason: reason, context)
    case .recommend(let body): try decideRecommendation(body, context)
    case .dismissRecommendation(let id, let reason): try decideDismissal(id, reason: reason, context)
    case .activateKillSwitch(let scope, let reason, let trigger):
      try decideActivation(scope, reason: reason, triggeredBy: trigger, context)
    case .reverseEntry(let position, let reason): try decideReversal(of: position, reason: reason, context)
    case .restateEntry(let body): try decideRestatement(body, context)
    case .listRate(let body): try decideRate(body, context)
    case .recordDifference(let body): try decideDifference(body, context)
    case .completeRerate(let id): try decideCompletion(ofRerate: id)
    case .skipProjectionEvent(let projection, let version, let position, let reason):
      try decideSkip(projection: projection, version: version, position: position, reason: reason, context)
    case .rotateKey(let id, let successor, let secret, let overlap, let reason):
      try decideRotation(
        id, successor: successor, secretSHA256: secret, overlap: overlap, reason: reason, context)
    case .revokeKey(let id, let reason): try decideRevocation(id, reason: reason, context)
    case .recordRefusal(let body): decideRefusalRecord(body, context)
    case .placeHold(let body): try decideHold(body, context)
    case .recordAccess(let body): decideAccessRecord(body, context)
    case .decide(let body): try decideRoute(body, context)
    case .recordEvaluation(let body): try decideEvaluation(body, context)
    case .enforceToggle(let name): decideEnforcement(of: name, context)
    }
  }
}
