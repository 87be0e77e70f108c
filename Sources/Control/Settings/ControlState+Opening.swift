import Domain

extension ControlState {
  /// Changes that one opening may carry.
  static let changesOfOneOpening = 1_000

  /// Opens a ledger: prices and changes first, as bootstrap, then `ledger.opened`.
  func decideOpening(
    _ body: JSON, prices: [JSON], changes: [Change], _ context: CommandContext
  ) throws(Refusal) -> [PlannedEvent] {
    guard settings == nil else {
      throw Refusal(code: "ledger-already-open", status: 409, detail: "The ledger \(ledger) is open already.")
    }
    try context.requireHuman("open a ledger", systemPasses: true)
    guard body["name"]?.string == ledger else {
      throw Refusal(code: "wrong-ledger", status: 422, detail: "The name must be that of the ledger, \(ledger).")
    }
    var data = body
    data["rules_version"] = .integer(Int64(Self.rulesVersion))
    var planned = try listings(prices, context).map(\.event)
    planned += try bootstrap(changes, after: planned, context)
    return planned + [
      PlannedEvent(
        type: "ledger.opened", subject: "ledger/\(ledger)", data: data,
        derived: .object(["owner": .text(context.principal.owner)]))
    ]
  }

  /// The events of changes that are made one after the other, each on what the ones before it made.
  private func bootstrap(
    _ changes: [Change], after earlier: [PlannedEvent], _ context: CommandContext
  ) throws(Refusal) -> [PlannedEvent] {
    guard changes.count <= Self.changesOfOneOpening else {
      throw Refusal(
        code: "change-count-out-of-range", status: 422,
        detail: "An opening carries at most \(Self.changesOfOneOpening) changes.")
    }
    if changes.isEmpty { return [] }
    var ahead = self
    var sequences: [String: Int64] = [:]
    for event in earlier { ahead.rehearse(event, &sequences, context) }
    var planned: [PlannedEvent] = []
    for (index, change) in changes.enumerated() {
      guard change.user == nil else {
        throw Refusal(
          code: "personal-in-change", status: 422,
          detail: "The change at index \(index) names a user, whose name would stay: make it once the ledger is open."
        )
      }
      var context = context
      context.freshID += "-\(index + 1)"
      let events = try ahead.decideChange(change, terms: nil, breakGlass: nil, context)
      for event in events { ahead.rehearse(event, &sequences, context) }
      planned += events
    }
    return planned
  }

  /// Applies an event as the writer will, to see what the next change meets.
  private mutating func rehearse(
    _ event: PlannedEvent, _ sequences: inout [String: Int64], _ context: CommandContext
  ) {
    let sequence = sequences[event.subject, default: marks[event.subject]?.sequence ?? 0] + 1
    sequences[event.subject] = sequence
    apply(
      AppliedEvent(
        position: position + 1, type: event.type, typeVersion: event.typeVersion, subject: event.subject,
        sequence: sequence, occurredAt: context.now, recordedAt: context.now, actor: context.principal.key,
        actorKind: context.principal.kind, data: event.data, derived: event.derived))
  }
}
