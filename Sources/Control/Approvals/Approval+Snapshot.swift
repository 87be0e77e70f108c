import Domain

extension Approval {
  var snapshot: JSON {
    .object([
      "id": .text(id), "kind": .text(kind.rawValue), "risk": .text(risk.rawValue), "change": change,
      "change_digest": .text(changeDigest), "reason_code": .text(reasonCode), "evidence": .integer(Int64(evidence)),
      "requester": .text(requester), "requester_owner": .text(requesterOwner),
      "requested_at": .text(requestedAt.description), "expires_at": .text(expiresAt.description),
      "state": .text(state.rawValue), "closed_at": closedAt.map { .text($0.description) },
      "grants": .array(grants.map { .object(["owner": .text($0.owner), "key": .text($0.key)]) }),
    ])
  }

  init(_ reader: SnapshotReader) throws(SnapshotFault) {
    guard let change = reader.json["change"] else { throw SnapshotReader.fault("change") }
    self.init(
      id: try reader.text("id"), kind: try reader.value("kind", ApprovalKind.self),
      risk: try reader.value("risk", ApprovalRisk.self), change: change,
      changeDigest: try reader.text("change_digest"), reasonCode: try reader.text("reason_code"),
      evidence: Int(try reader.integer("evidence")), requester: try reader.text("requester"),
      requesterOwner: try reader.text("requester_owner"), requestedAt: try reader.moment("requested_at"),
      expiresAt: try reader.moment("expires_at"), state: try reader.value("state", Approval.State.self),
      grants: try reader.list("grants") { reader throws(SnapshotFault) in
        Grant(owner: try reader.text("owner"), key: try reader.text("key"))
      },
      coverage: Coverage(change), closedAt: try reader.optionalMoment("closed_at"))
  }
}

extension ApprovalRegister {
  /// The approvals, and the order in which those that are closed were closed.
  var snapshot: JSON {
    .object([
      "approvals": .array(merged.map(\.snapshot)), "closed": .array(closing.committed.map(JSON.text)),
    ])
  }

  init(_ reader: SnapshotReader) throws(SnapshotFault) {
    self.init(
      try reader.list("approvals") { reader throws(SnapshotFault) in try Approval(reader) },
      closed: try reader.texts("closed"))
  }
}
