import Domain

/// A person who is accountable for keys.
public struct Owner: Sendable, Equatable {
  /// Chosen when added; unique.
  public var id: String
  /// How people call the owner.
  public var name: String
  /// Position of `owner.added`.
  public var position: Int64
}

extension ControlState {
  /// The owner with this id.
  public func owner(_ id: String) -> Owner? { owners[id] }

  /// Every owner, by id.
  public var allOwners: [Owner] { owners.values.sorted { ExactText($0.id) < ExactText($1.id) } }

  mutating func applyOwner(_ event: AppliedEvent) {
    let id = event.text("owner")
    owners[id] = Owner(id: id, name: event.text("name"), position: event.position)
  }

  /// Refuses what concerns the deployment in any ledger but `system`, where nobody would look for it.
  func requireSystemLedger(_ what: String) throws(Refusal) {
    guard ledger == Self.systemLedger else {
      throw Refusal(code: "wrong-ledger", status: 422, detail: "\(what) stand in the ledger \(Self.systemLedger).")
    }
  }

  /// Adds an owner: once.
  func decideOwner(_ body: JSON, _ context: CommandContext) throws(Refusal) -> [PlannedEvent] {
    try context.requireHuman("add an owner", systemPasses: true)
    try requireSystemLedger("Owners")
    guard let id = body["owner"]?.string else { throw .incomplete("owner") }
    guard id != Principal.system.owner, owners[id] == nil else {
      throw Refusal(code: "owner-exists", status: 409, detail: "There is an owner with this id already.")
    }
    return [PlannedEvent(type: "owner.added", subject: "owner/\(id)", data: body, derived: provenance(context))]
  }
}
