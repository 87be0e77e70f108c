public import Domain

/// An approval as the log has it at a position.
public struct Approval: Sendable, Equatable {
  /// requested → granted | rejected | withdrawn | expired; granted → consumed | revoked | expired.
  public enum State: String, Sendable, CaseIterable {
    case requested, granted, rejected, withdrawn, expired, consumed, revoked
  }

  /// One owner's grant.
  public struct Grant: Sendable, Equatable {
    /// The accountable owner; a quorum counts owners, not keys.
    public var owner: String
    /// The key that was used.
    public var key: String
  }

  /// Chosen by the ledger.
  public var id: String
  /// What is to be approved.
  public var kind: ApprovalKind
  /// As computed, or as raised by the requester.
  public var risk: ApprovalRisk
  /// The exact change.
  public var change: JSON
  /// Hex SHA-256 of the exact change.
  public var changeDigest: String
  /// Why it was asked for, as a code.
  public var reasonCode: String
  /// How many items of evidence were given.
  public var evidence: Int
  /// The key that asked.
  public var requester: String
  /// The owner accountable for the key that asked.
  public var requesterOwner: String
  /// When it was asked for.
  public var requestedAt: Timestamp
  /// From when on it is expired: the request while it is open, the grant until it is used. A standing approval's grant
  /// ends with `coverage.ends`.
  public var expiresAt: Timestamp
  /// Where it stands.
  public var state: State
  /// Grants so far, at most one an owner.
  public var grants: [Grant]
  /// What decisions may do under its grant; nil where it is no leave for decisions.
  public var coverage: Coverage?
  /// When nothing was left to be done with it; nil: it is open or can be used.
  public var closedAt: Timestamp?

  /// How many distinct owners must grant.
  public var quorum: Int { risk.quorum }
  /// True while it can be granted, rejected or withdrawn.
  public var isOpen: Bool { state == .requested }
  /// True while it can be used or revoked.
  public var isUsable: Bool { state == .granted }
  /// From when on it is expired as it stands.
  public var end: Timestamp { isUsable ? coverage?.ends ?? expiresAt : expiresAt }
}

extension Approval {
  /// Queue order: higher risk first, then older, then by id.
  public static func precedesInQueue(_ left: Approval, _ right: Approval) -> Bool {
    if left.risk != right.risk { return left.risk > right.risk }
    if left.requestedAt != right.requestedAt { return left.requestedAt < right.requestedAt }
    return ExactText(left.id) < ExactText(right.id)
  }

  /// What the change is about, in a few words for a list: its kind and subject, or the call that it lets through.
  public var about: String {
    if let change = Change(change) { return "\(change.operation.rawValue) \(change.subject)" }
    if let coverage { return "\(Coverage.decide) \(coverage.operation) by \(coverage.model ?? "any model")" }
    return reasonCode
  }

  /// True where the ledger itself acts on its grant; there is one open request for such a change at a time.
  var isForTheLedger: Bool { coverage != nil || Change(change) != nil }

  /// The change that its last grant makes; nil for a description, and for leave to decide.
  var executable: Change? {
    guard let change = Change(change), change.operation != .grantStanding else { return nil }
    return change
  }
}
