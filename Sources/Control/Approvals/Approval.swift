public import Domain

/// An approval as the log has it at a position.
public struct Approval: Sendable, Equatable {
  /// requested → granted | rejected | withdrawn | expired.
  public enum State: String, Sendable, CaseIterable { case requested, granted, rejected, withdrawn, expired }

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
  /// Hex SHA-256 of the exact change.
  public var changeDigest: String
  /// The key that asked.
  public var requester: String
  /// The owner accountable for the key that asked.
  public var requesterOwner: String
  /// When it was asked for.
  public var requestedAt: Timestamp
  /// From when on it is expired, if still open.
  public var expiresAt: Timestamp
  /// Where it stands.
  public var state: State
  /// Grants so far, at most one an owner.
  public var grants: [Grant]

  /// How many distinct owners must grant.
  public var quorum: Int { risk.quorum }
  /// True while it can be granted, rejected or withdrawn.
  public var isOpen: Bool { state == .requested }
}

extension Approval {
  /// Queue order: higher risk first, then older, then by id.
  public static func precedesInQueue(_ left: Approval, _ right: Approval) -> Bool {
    if left.risk != right.risk { return left.risk > right.risk }
    if left.requestedAt != right.requestedAt { return left.requestedAt < right.requestedAt }
    return ExactText(left.id) < ExactText(right.id)
  }
}
