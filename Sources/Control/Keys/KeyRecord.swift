public import Domain

/// A key as issued: everything but its secret, of which only the SHA-256 is known.
public struct KeyRecord: Sendable, Equatable {
  /// Twelve of `[a-z0-9]`.
  public var id: String
  /// What it speaks for.
  public var kind: ActorKind
  /// The accountable human owner's id.
  public var owner: String
  /// What it may do.
  public var roles: Set<Role>
  /// Ledgers it may reach; `*` stands for all.
  public var ledgers: [String]
  /// Prefixes of `source` that it may append under; empty: any.
  public var sources: [String]
  /// From when on it is refused; nil: never.
  public var expires: Timestamp?
  /// Lower-case hex SHA-256 of the whole key text.
  public var secretSHA256: String
  /// True once revoked, for good.
  public var isRevoked: Bool
  /// Position of `key.issued`.
  public var position: Int64
  /// When it was issued.
  public var issuedAt: Timestamp
}

extension KeyRecord {
  /// Roles that a key of a kind may have: agents only `agent`; approving and administering is for people.
  public static func roles(for kind: ActorKind) -> Set<Role> {
    switch kind {
    case .human: [.service, .importer, .finance, .approver, .auditor, .operator, .admin]
    case .service: [.service, .importer, .finance, .auditor, .operator]
    case .agent: [.agent]
    case .system: []
    }
  }
}
