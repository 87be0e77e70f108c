import Domain

extension LedgerSettings {
  var snapshot: JSON {
    .object([
      "name": .text(name), "time_zone": .text(timeZone), "reporting_currency": .text(reportingCurrency),
      "rules_version": .integer(Int64(rulesVersion)), "tiers": tiers.json, "opened_at": .integer(openedAt),
    ])
  }

  init(_ reader: SnapshotReader) throws(SnapshotFault) {
    self.init(
      name: try reader.text("name"), timeZone: try reader.text("time_zone"),
      reportingCurrency: try reader.text("reporting_currency"),
      rulesVersion: Int(try reader.integer("rules_version")), tiers: try reader.tiers("tiers"),
      openedAt: try reader.integer("opened_at"))
  }
}

extension Owner {
  var snapshot: JSON { .object(["id": .text(id), "name": .text(name), "position": .integer(position)]) }

  init(_ reader: SnapshotReader) throws(SnapshotFault) {
    self.init(id: try reader.text("id"), name: try reader.text("name"), position: try reader.integer("position"))
  }
}

extension KeyRecord {
  var snapshot: JSON {
    .object([
      "id": .text(id), "kind": .text(kind.rawValue), "owner": .text(owner),
      "roles": .array(roles.sorted().map { .text($0.rawValue) }), "ledgers": .array(ledgers.map(JSON.text)),
      "sources": .array(sources.map(JSON.text)), "expires": expires.map { .text($0.description) },
      "secret_sha256": .text(secretSHA256), "revoked": .boolean(isRevoked), "position": .integer(position),
      "issued_at": .text(issuedAt.description),
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
      issuedAt: try reader.moment("issued_at"))
  }
}

extension Approval {
  var snapshot: JSON {
    .object([
      "id": .text(id), "kind": .text(kind.rawValue), "risk": .text(risk.rawValue),
      "change_digest": .text(changeDigest), "requester": .text(requester), "requester_owner": .text(requesterOwner),
      "requested_at": .text(requestedAt.description), "expires_at": .text(expiresAt.description),
      "state": .text(state.rawValue),
      "grants": .array(grants.map { .object(["owner": .text($0.owner), "key": .text($0.key)]) }),
    ])
  }

  init(_ reader: SnapshotReader) throws(SnapshotFault) {
    self.init(
      id: try reader.text("id"), kind: try reader.value("kind", ApprovalKind.self),
      risk: try reader.value("risk", ApprovalRisk.self), changeDigest: try reader.text("change_digest"),
      requester: try reader.text("requester"), requesterOwner: try reader.text("requester_owner"),
      requestedAt: try reader.moment("requested_at"), expiresAt: try reader.moment("expires_at"),
      state: try reader.value("state", Approval.State.self),
      grants: try reader.list("grants") { reader throws(SnapshotFault) in
        Grant(owner: try reader.text("owner"), key: try reader.text("key"))
      })
  }
}

extension KillSwitch {
  var snapshot: JSON {
    .object([
      "scope": .string(scope), "reason": .text(reason), "triggered_by": .text(triggeredBy), "actor": .text(actor),
      "position": .integer(position), "activated_at": .text(activatedAt.description),
    ])
  }

  init(_ reader: SnapshotReader) throws(SnapshotFault) {
    self.init(
      scope: ExactText(try reader.text("scope")), reason: try reader.text("reason"),
      triggeredBy: try reader.text("triggered_by"), actor: try reader.text("actor"),
      position: try reader.integer("position"), activatedAt: try reader.moment("activated_at"))
  }
}
