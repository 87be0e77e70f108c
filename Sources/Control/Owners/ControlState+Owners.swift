public import Domain

extension ControlState {
  /// The owner with this id.
  public func owner(_ id: String) -> Owner? { owners[id] }

  /// Every owner, by id.
  public var allOwners: [Owner] { owners.values.sorted { ExactText($0.id) < ExactText($1.id) } }

  mutating func applyOwner(_ event: AppliedEvent) {
    let id = event.text("owner")
    owners[id] = Owner(
      id: id, name: event.text("name"), position: event.position, addedAt: event.recordedAt,
      isUnreviewed: isUnreviewed(event))
  }

  /// True for what was made with broken glass though another owner was there to ask. Where nobody was, it counts at once:
  /// else nobody would ever be there again. Either stands in the queue until it is reviewed.
  func isUnreviewed(_ event: AppliedEvent) -> Bool {
    event.derived?["breakglass"] != nil && !approvers(besides: event.owner, at: event.recordedAt).isEmpty
  }

  /// Refuses what concerns the deployment in any ledger but `system`, where nobody would look for it.
  func requireSystemLedger(_ what: String) throws(Refusal) {
    guard ledger == Self.systemLedger else {
      throw Refusal(code: "wrong-ledger", status: 422, detail: "\(what) stand in the ledger \(Self.systemLedger).")
    }
  }

  /// Owners, besides one, who could grant an approval in this ledger now.
  public func approvers(besides owner: String, at now: Timestamp) -> Set<String> {
    Set(
      keys.values.filter { key in
        key.owner != owner && isApprovers(key) && !key.isRevoked && key.expires.map { $0 > now } ?? true
      }.map(\.owner))
  }

  /// True for a key that grants in this ledger, while it holds.
  private func isApprovers(_ key: KeyRecord) -> Bool {
    key.kind == .human && key.roles.contains(.approver) && !key.isUnreviewed
      && owners[key.owner]?.isUnreviewed == false
      && (key.ledgers.contains("*") || key.ledgers.contains(Self.systemLedger))
  }

  /// Plans an owner: {owner, name, email?}.
  func planOwner(_ change: Change, _ context: CommandContext) throws(Refusal) -> ChangePlan {
    try context.requireHuman("add an owner", systemPasses: true)
    try requireSystemLedger("Owners")
    guard let id = change.body["owner"]?.string else { throw .incomplete("owner") }
    guard id != Principal.system.owner, owners[id] == nil else {
      throw Refusal(code: "owner-exists", status: 409, detail: "There is an owner with this id already.")
    }
    let event = PlannedEvent(
      type: "owner.added", subject: change.subject, data: change.body, derived: provenance(context))
    guard needsSecondOwner(context) else { return ChangePlan(events: [event]) }
    guard change.body["email"] == nil else {
      throw Refusal(
        code: "personal-in-change", status: 422,
        detail: "A change that waits for an approval cannot be erased, and so holds no address: leave it out.")
    }
    return ChangePlan(events: [event], stake: Stake(.loosening, .medium, "\(id) becomes accountable for keys"))
  }

  /// True once another owner was there to approve: from then on nobody adds owners, or issues keys to people, alone, as a
  /// second self would be made to approve. That the others' keys ended changes nothing, as one admin can end them: whoever
  /// is left breaks the glass.
  func needsSecondOwner(_ context: CommandContext) -> Bool {
    let asking = context.principal
    return asking.kind != .system && keys.values.contains { $0.owner != asking.owner && isApprovers($0) }
  }

  /// Counts what an admin made alone for as good as approved: another owner reviewed it.
  mutating func acknowledge(_ subject: String) {
    let name = subject.split(separator: "/", maxSplits: 1).last.map(String.init) ?? ""
    if subject.hasPrefix("owner/") { owners[name]?.isUnreviewed = false }
    if subject.hasPrefix("key/") { keys[name]?.isUnreviewed = false }
  }
}

extension CommandContext {
  /// Refuses who was made after a moment, or by an admin alone: nobody makes a second self to approve with.
  func refuseNewcomer(since moment: Timestamp, _ deed: String) throws(Refusal) {
    guard let since = principal.since, since >= moment else { return }
    throw Refusal(
      code: "owner-too-new", status: 403,
      detail: "This owner, or key, was not approved before the request was made, and so may not \(deed).")
  }
}
