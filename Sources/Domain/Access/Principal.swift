/// What kind of actor a credential speaks for; stamped from the credential, never from a body.
public enum ActorKind: String, Sendable, Hashable, CaseIterable { case human, service, agent, system }

/// What a key may do; one table in the service says what each role means.
public enum Role: String, Sendable, Hashable, CaseIterable, Comparable {
  case service, agent, importer, finance, approver, auditor, `operator`, admin
  /// By name.
  public static func < (left: Role, right: Role) -> Bool { left.rawValue < right.rawValue }
}

/// Who asks: a key, as authorised at this moment.
public struct Principal: Sendable, Hashable {
  /// The key's id, printable ASCII; the `actor` of what it appends. `system` for the ledger itself.
  public var key: String
  /// The kind of the key.
  public var kind: ActorKind
  /// The accountable human owner's id.
  public var owner: String
  /// The key's roles.
  public var roles: Set<Role>
  /// Since when owner and key are there with the consent of others: what was asked for before that they may not approve.
  /// `Timestamp.latest` where an admin made them alone and nobody has reviewed it; nil: always.
  public var since: Timestamp?
  /// Makes a principal.
  public init(key: String, kind: ActorKind, owner: String, roles: Set<Role>, since: Timestamp? = nil) {
    self.key = key
    self.kind = kind
    self.owner = owner
    self.roles = roles
    self.since = since
  }
  /// The ledger itself: expiries, bootstrap.
  public static let system = Principal(key: "system", kind: .system, owner: "system", roles: [])
}
