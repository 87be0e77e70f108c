import Domain

extension ControlState {
  /// The longest that a key and its successor hold together: a week.
  static let longestOverlapInSeconds: Int64 = 7 * 86_400

  mutating func applyRotated(_ event: AppliedEvent) {
    let id = event.text("key")
    let ends = event.moment("ends")
    guard var key = keys[id] else { event.malformed("key") }
    key.successor = event.text("successor")
    key.expires = min(key.expires ?? ends, ends)
    keys[id] = key
  }

  /// Replaces a key by one with the same rights, and ends the old one after an overlap.
  ///
  /// A key is rotated by its owner alone, and with a key that may as much: whoever else did would hold a secret that speaks
  /// for that owner, or for more. An admin rotates services' and agents' keys of others while there is no second owner.
  func decideRotation(
    _ id: String, successor: String, secretSHA256: String, overlap: Int64, reason: String, _ context: CommandContext
  ) throws(Refusal) -> [PlannedEvent] {
    try context.requireHuman("rotate a key")
    try requireSystemLedger("Keys")
    let key = try rotatable(id, context)
    guard (0...Self.longestOverlapInSeconds).contains(overlap) else { throw .incomplete("overlap_seconds") }
    guard successor != Principal.system.key, keys[successor] == nil else {
      throw Refusal(code: "key-exists", status: 409, detail: "There is a key with this id already.")
    }
    let ends = Timestamp(microseconds: context.now.microseconds + overlap * 1_000_000)
    let issued = JSON.object([
      "key": .text(successor), "kind": .text(key.kind.rawValue), "owner": .text(key.owner),
      "roles": .array(key.roles.sorted().map { .text($0.rawValue) }), "ledgers": .array(key.ledgers.map(JSON.text)),
      "sources": key.sources.isEmpty ? nil : .array(key.sources.map(JSON.text)),
      "expires": key.expires.map { .text($0.description) }, "secret_sha256": .text(secretSHA256),
      "rotates": .text(id),
    ])
    let rotated = JSON.object([
      "key": .text(id), "successor": .text(successor), "ends": .text(min(ends, key.expires ?? ends).description),
      "reason": .text(reason),
    ])
    return [
      PlannedEvent(type: "key.issued", subject: "key/\(successor)", data: issued, derived: provenance(context)),
      PlannedEvent(type: "key.rotated", subject: "key/\(id)", data: rotated, derived: provenance(context)),
    ]
  }

  private func rotatable(_ id: String, _ context: CommandContext) throws(Refusal) -> KeyRecord {
    guard let key = keys[id] else {
      throw Refusal(code: "key-not-found", status: 404, detail: "There is no key with this id.")
    }
    guard !key.isRevoked, key.expires.map({ $0 > context.now }) ?? true else {
      throw Refusal(code: "key-ended", status: 409, detail: "The key has ended: issue another.")
    }
    guard key.successor == nil else {
      throw Refusal(code: "key-already-rotated", status: 409, detail: "The key has a successor already.")
    }
    let asking = context.principal
    let isAdmin = asking.roles.contains(.admin)
    if key.owner == asking.owner {
      guard isAdmin || id == asking.key || key.roles.subtracting([.agent]).isSubset(of: asking.roles) else {
        throw Refusal(
          code: "role-required", status: 403, detail: "A key that may less does not rotate one that may more.")
      }
      return key
    }
    guard key.kind != .human else {
      throw Refusal(code: "not-the-owner", status: 403, detail: "Only its owner rotates a person's key.")
    }
    guard isAdmin else {
      throw Refusal(
        code: "role-required", status: 403, detail: "It takes the role admin to rotate another owner's key.")
    }
    guard !needsSecondOwner(context) else {
      throw Refusal(
        code: "not-the-owner", status: 403,
        detail: "Only its owner rotates a key, once there is a second owner: revoke it, and issue another.")
    }
    return key
  }
}
