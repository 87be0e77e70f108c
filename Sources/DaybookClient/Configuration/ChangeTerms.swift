public import Domain

/// What is said for a change of the configuration, where it needs a second human.
public struct ChangeTerms: Sendable {
  /// The last sequence of what is changed that the change was made against, as lists show it; the present one where it is nil.
  public var sequence: Int64?
  /// Why, as a token.
  public var reasonCode: String?
  /// What the change is expected to do, as the ledger takes it.
  public var estimatedImpact: JSON?
  /// `{kind, title, uri | text, sha256?}` each.
  public var evidence: [JSON]
  /// The risk the requester sees; it can only raise the ledger's own.
  public var risk: ApprovalRequest.Risk?
  /// By when it is needed.
  public var requiredBy: Timestamp?
  /// When the request ends by itself, within what its risk allows.
  public var expiresAt: Timestamp?
  /// Why nobody else could be asked: an admin makes the change alone, and it stands in the queue until it is reviewed.
  public var breakGlass: String?

  /// Makes terms; without any, a change that needs a second human is asked for with the ledger's own.
  public init(
    sequence: Int64? = nil, reasonCode: String? = nil, estimatedImpact: JSON? = nil, evidence: [JSON] = [],
    risk: ApprovalRequest.Risk? = nil, requiredBy: Timestamp? = nil, expiresAt: Timestamp? = nil,
    breakGlass: String? = nil
  ) {
    self.sequence = sequence
    self.reasonCode = reasonCode
    self.estimatedImpact = estimatedImpact
    self.evidence = evidence
    self.risk = risk
    self.requiredBy = requiredBy
    self.expiresAt = expiresAt
    self.breakGlass = breakGlass
  }

  /// The members that stand beside a configuration's own.
  func add(to body: inout JSON) {
    body["sequence"] = sequence.map { .integer($0) }
    let approval = JSON.object([
      "reason_code": reasonCode.map { .text($0) }, "estimated_impact": estimatedImpact,
      "evidence": evidence.isEmpty ? nil : .array(evidence), "risk": risk.map { .text($0.rawValue) },
      "required_by": requiredBy.map { .text($0.description) }, "expires_at": expiresAt.map { .text($0.description) },
    ])
    if approval != .object([:]) { body["approval"] = approval }
    body["break_glass"] = breakGlass.map { .object(["reason": .text($0)]) }
  }
}

/// What came of a change of the configuration.
public struct ChangeResult: Sendable {
  /// Whether it holds.
  public enum Outcome: Sendable, Hashable {
    /// It holds from now on.
    case applied
    /// It waits for a second human; the approval's id. The last grant makes the change.
    case approvalRequested(String)
  }

  /// Whether it holds.
  public var outcome: Outcome
  /// The events that it caused, and the whole answer.
  public var result: CommandResult

  init(_ answer: Answer) throws(DaybookError) {
    result = try CommandResult(answer)
    switch (result.json["outcome"]?.string, result.requestedApproval) {
    case ("applied", _): outcome = .applied
    case ("approval_requested", let id?): outcome = .approvalRequested(id)
    default: throw DaybookError.malformed("the answer does not say what came of the change")
    }
  }
}
