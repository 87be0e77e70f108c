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
  /// When its rights were first issued: a key that replaced another one has them since then.
  public var since: Timestamp
  /// True where an admin issued it alone and nobody has approved of it since: nothing that it grants counts.
  public var isUnreviewed: Bool
  /// The key that took its place.
  public var successor: String?
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

  var snapshot: JSON {
    .object([
      "id": .text(id), "kind": .text(kind.rawValue), "owner": .text(owner),
      "roles": .array(roles.sorted().map { .text($0.rawValue) }), "ledgers": .array(ledgers.map(JSON.text)),
      "sources": .array(sources.map(JSON.text)), "expires": expires.map { .text($0.description) },
      "secret_sha256": .text(secretSHA256), "revoked": .boolean(isRevoked), "position": .integer(position),
      "issued_at": .text(issuedAt.description), "since": .text(since.description),
      "unreviewed": .boolean(isUnreviewed), "successor": successor.map(JSON.text),
    ])
  }

  init(_ reader: SnapshotReader) throws(SnapshotFault) {
    var roles: Set<Role> = []
    for name in try reader.texts("roles") {
      guard let role = Role(rawValue: name) else { throw SnapshotReader.fault("roles") }
      roles.insert(role)
    }
    self.init(
      id: try reader.text("id"), kind: try reader.value("kind", ActorKind.self), owner: try reader.text("owner"),
      roles: roles, ledgers: try reader.texts("ledgers"), sources: try reader.texts("sources"),
      expires: try reader.optionalMoment("expires"), secretSHA256: try reader.text("secret_sha256"),
      isRevoked: try reader.boolean("revoked"), position: try reader.integer("position"),
      issuedAt: try reader.moment("issued_at"), since: try reader.moment("since"),
      isUnreviewed: try reader.boolean("unreviewed"), successor: reader.optionalText("successor"))
  }
}
