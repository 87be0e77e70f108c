public import Domain

/// What somebody wants another human to allow.
public struct ApprovalRequest: Sendable {
  /// How much harm a change may do; a requester can only raise it.
  public enum Risk: String, Sendable, CaseIterable {
    /// Open for 72 hours.
    case low
    /// Open for 24 hours.
    case medium
    /// Open for 4 hours; wants evidence.
    case high
  }

  /// `model_switch`, `cost_increase`, `budget_change`, `loosening`, `standing` or `action`.
  public var kind: String
  /// The exact change: an object. The grant holds for it alone.
  public var change: JSON
  /// Why, as a token.
  public var reasonCode: String
  /// What it is expected to do, as the ledger takes it.
  public var estimatedImpact: JSON?
  /// By when it is needed.
  public var requiredBy: Timestamp?
  /// `{kind, title, uri | text, sha256?}` each.
  public var evidence: [JSON]
  /// The risk the requester sees.
  public var risk: Risk?

  /// Makes a request.
  public init(
    kind: String, change: JSON, reasonCode: String, estimatedImpact: JSON? = nil, requiredBy: Timestamp? = nil,
    evidence: [JSON] = [], risk: Risk? = nil
  ) {
    self.kind = kind
    self.change = change
    self.reasonCode = reasonCode
    self.estimatedImpact = estimatedImpact
    self.requiredBy = requiredBy
    self.evidence = evidence
    self.risk = risk
  }
}
