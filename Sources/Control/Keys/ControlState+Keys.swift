import Domain

extension ControlState {
  /// The key with this id, revoked or expired ones included.
  public func key(_ id: String) -> KeyRecord? { keys[id] }

  /// Every key, in the order of issue.
  public var allKeys: [KeyRecord] { keys.values.sorted { $0.position < $1.position } }

  mutating func applyIssued(_ event: AppliedEvent) {
    let id = event.text("key")
    guard let kind = ActorKind(rawValue: event.text("kind")) else { event.malformed("kind") }
    let roles = event.texts("roles").map { name in
      guard let role = Role(rawValue: name) else { event.malformed("roles") }
      return role
    }
    let rotated = event.data["rotates"]?.string.flatMap { keys[$0] }
    keys[id] = KeyRecord(
      id: id, kind: kind, owner: event.text("owner"), roles: Set(roles), ledgers: event.texts("ledgers"),
      sources: event.texts("sources"), expires: event.data["expires"] == nil ? nil : event.moment("expires"),
      secretSHA256: event.text("secret_sha256"), isRevoked: false, position: event.position,
      issuedAt: event.recordedAt, since: rotated?.since ?? event.recordedAt,
      isUnreviewed: rotated?.isUnreviewed ?? isUnreviewed(event))
  }

  mutating func applyRevoked(_ event: AppliedEvent) { keys[event.text("key")]?.isRevoked = true }

  /// Plans a key whose secret was made outside, of which the change holds the hash: it is valid once the change is made.
  ///
  /// Free is a key of a service or an agent that its own owner makes. Whoever made one for another owner would ask for
  /// approvals in that owner's name, and grant them in their own.
  func planKey(_ change: Change, _ context: CommandContext) throws(Refusal) -> ChangePlan {
    let body = change.body
    try context.requireHuman("issue a key", systemPasses: true)
    try requireSystemLedger("Keys")
    guard let id = body["key"]?.string else { throw .incomplete("key") }
    guard body["secret_sha256"]?.string != nil else { throw .incomplete("secret_sha256") }
    guard body["rotates"] == nil else { throw .incomplete("key: it replaces none") }
    guard id != Principal.system.key, keys[id] == nil else {
      throw Refusal(code: "key-exists", status: 409, detail: "There is a key with this id already.")
    }
    guard let owner = body["owner"]?.string else { throw .incomplete("owner") }
    guard owners[owner] != nil else {
      throw Refusal(code: "unknown-owner", status: 422, detail: "The accountable owner must be added first.")
    }
    let isPersons = try checkRoles(body)
    if let text = body["expires"]?.string {
      guard let expires = Timestamp(rfc3339: text) else { throw .incomplete("expires") }
      guard expires > context.now else {
        throw Refusal(code: "expiry-in-the-past", status: 422, detail: "The expiry must be in the future.")
      }
    }
    let event = PlannedEvent(
      type: "key.issued", subject: change.subject, data: body, derived: provenance(context))
    guard isPersons || owner != context.principal.owner, needsSecondOwner(context) else {
      return ChangePlan(events: [event])
    }
    let why = isPersons ? "\(owner) gets a key to act with as a person" : "\(owner) answers for another's key"
    return ChangePlan(events: [event], stake: Stake(.loosening, .medium, why))
  }

  /// Checks kind, roles and ledgers; true for what speaks for a person, approves or administers.
  private func checkRoles(_ body: JSON) throws(Refusal) -> Bool {
    guard let kind = body["kind"]?.string.flatMap(ActorKind.init(rawValue:)), kind != .system else {
      throw .incomplete("kind")
    }
    let names = body["roles"]?.elements ?? []
    var roles: Set<Role> = []
    for name in names {
      guard let role = name.string.flatMap(Role.init(rawValue:)) else { throw .incomplete("roles") }
      roles.insert(role)
    }
    guard !roles.isEmpty else { throw .incomplete("roles") }
    let excess = roles.subtracting(KeyRecord.roles(for: kind)).sorted()
    guard excess.isEmpty else {
      let list = excess.map(\.rawValue).joined(separator: ", ")
      throw Refusal(
        code: "role-not-for-kind", status: 422, detail: "A key of kind \(kind.rawValue) cannot have: \(list).")
    }
    guard let ledgers = body["ledgers"]?.elements, !ledgers.isEmpty else { throw .incomplete("ledgers") }
    return kind == .human || !roles.isDisjoint(with: [.approver, .admin])
  }

  /// Revokes a key, for good.
  func decideRevocation(_ id: String, reason: String, _ context: CommandContext) throws(Refusal) -> [PlannedEvent] {
    try context.requireHuman("revoke a key")
    try requireSystemLedger("Keys")
    guard let key = keys[id] else {
      throw Refusal(code: "key-not-found", status: 404, detail: "There is no key with this id.")
    }
    guard !key.isRevoked else {
      throw Refusal(code: "key-already-revoked", status: 409, detail: "The key is revoked already.")
    }
    return [
      PlannedEvent(
        type: "key.revoked", subject: "key/\(id)", data: .object(["key": .text(id), "reason": .text(reason)]),
        derived: provenance(context))
    ]
  }

  /// Records that somebody was refused for lack of a role.
  func decideRefusalRecord(_ body: JSON, _ context: CommandContext) -> [PlannedEvent] {
    [
      PlannedEvent(
        type: "command.refused", subject: "key/\(context.principal.key)", data: body, derived: provenance(context))
    ]
  }
}
