public import Domain

/// What somebody asks the ledger to do; the events it causes are written by the ledger alone.
///
/// Bodies are the scanned and schema-checked JSON of the request (see `CommandCatalogue`).
public enum Command: Sendable {
  /// Opens the ledger: {name, time_zone, reporting_currency}; prices and changes are made before it, as bootstrap.
  case openLedger(JSON, prices: [JSON], changes: [Change] = [])
  /// Makes a change of the configuration, or asks for the approval that it needs; the last one is the reason of an admin
  /// who breaks the glass.
  case change(Change, terms: ApprovalTerms?, breakGlass: String?)
  /// {kind, change, reason_code, estimated_impact?, required_by?, evidence?, risk?, expires_at?}.
  case requestApproval(JSON)
  /// By a person of another owner than the requester's.
  case grantApproval(id: String, reason: String)
  /// By a person of another owner than the requester's.
  case rejectApproval(id: String, reason: String)
  /// By the requester's owner.
  case withdrawApproval(id: String, reason: String)
  /// By any person, before the grant is used up.
  case revokeApproval(id: String, reason: String)
  /// By a person of another owner than the one who broke the glass: `justified` or `unjustified`.
  case reviewBreakGlass(id: String, verdict: String, reason: String)
  /// {operation, kind, proposed, current?, estimated_savings?, estimated_quality_impact?, confidence?, reasoning}
  case recommend(JSON)
  /// By a person.
  case dismissRecommendation(id: String, reason: String)
  /// {scope, reason, triggered_by?}
  case activateKillSwitch(scope: ExactText, reason: String, triggeredBy: String)
  /// Reverses the entry at a position, once.
  case reverseEntry(position: Int64, reason: String)
  /// {position, cost, reason, invoice?}: the whole new cost of an entry.
  case restateEntry(JSON)
  /// {base, quote, rate, valid_from, note?}
  case listRate(JSON)
  /// {invoice, provider, period, model?, booked, invoiced, difference, tolerance, position}
  case recordDifference(JSON)
  /// Ends a re-rating whose adjustments are all written; the ledger's own.
  case completeRerate(String)
  /// {hold, subject?, user?, kind?, from?, until?, reason}; a person's token stands under `person`. By a person.
  case placeHold(JSON)
  /// Lets a projection go past an event that it cannot post.
  case skipProjectionEvent(projection: String, version: Int, position: Int64, reason: String)
  /// `system` ledger: another key with the same rights takes a key's place, which ends after an overlap in seconds.
  case rotateKey(id: String, successor: String, secretSHA256: String, overlap: Int64, reason: String)
  /// `system` ledger: for good.
  case revokeKey(id: String, reason: String)
  /// Records that a request was refused for lack of a role.
  case recordRefusal(JSON)
  /// `system` ledger: records what a key read.
  case recordAccess(JSON)
  /// Decides a call: {id, operation, model?, tier?, session?, user?, …}; its id names the decision.
  case decide(JSON)
  /// {operation, model, suite, passed, score?, evidence?}
  case recordEvaluation(JSON)
  /// Passes a toggle, without a trace, or records that it could not be passed.
  case enforceToggle(String)

  /// Positions of events that the decision must see.
  public var neededPositions: [Int64] { corrected.map { [$0] } ?? [] }
  /// The position of the entry that the command corrects; nil where it corrects none.
  private var corrected: Int64? {
    switch self {
    case .reverseEntry(let position, _): position
    case .restateEntry(let body): body["position"]?.integer
    default: nil
    }
  }
  /// The subject that the command begins, as far as its caller's word goes: a decision's call.
  public var newSubject: String? {
    if case .decide(let body) = self { body["id"]?.string.map(CallSubject.of) } else { nil }
  }
  /// Subjects whose last event and sequence the decision must see.
  public var neededSubjects: [String] { corrected.map { ["entry/\($0)"] } ?? [] }
}
