import Domain

extension ControlState {
  /// The types of entries that can be taken back.
  static let reversibleTypes: Set<String> = ["completion.recorded", "cost.incurred", "revenue.earned"]
  /// The types of entries whose cost can be restated.
  static let restatableTypes: Set<String> = ["completion.recorded", "cost.incurred"]

  /// Reverses an entry, once; what is reversed travels along, so that books can subtract it, and where it was corrected
  /// before, what is booked of it now.
  func decideReversal(
    of position: Int64, reason: String, _ context: CommandContext
  ) throws(Refusal) -> [PlannedEvent] {
    try context.refuseAgent("reverse an entry")
    guard let event = context.events[position] else { throw .noEvent(position) }
    guard Self.reversibleTypes.contains(event.type) else {
      throw Refusal(
        code: "not-reversible", status: 422,
        detail: "Only completion.recorded, cost.incurred and revenue.earned can be reversed.")
    }
    let correction = try correction(of: event, context)
    var derived = provenance(context)
    correction.add(to: &derived, as: "reversed")
    if correction.isCorrected { derived["effective"] = correction.booked?.json }
    return [
      PlannedEvent(
        type: "entry.reversed", subject: "entry/\(position)",
        data: .object(["reverses": .integer(position), "reason": .text(reason)]), derived: derived)
    ]
  }

  /// Restates what an entry cost: {position, cost, reason, invoice?}. Restatements chain: each says what was booked before.
  func decideRestatement(_ body: JSON, _ context: CommandContext) throws(Refusal) -> [PlannedEvent] {
    try context.refuseAgent("restate a cost")
    guard let position = body["position"]?.integer else { throw .incomplete("position") }
    guard let cost = body["cost"].flatMap({ Money($0) }) else { throw .incomplete("cost") }
    guard let event = context.events[position] else { throw .noEvent(position) }
    guard Self.restatableTypes.contains(event.type) else {
      throw Refusal(
        code: "not-restatable", status: 422,
        detail: "Only the cost of completion.recorded and cost.incurred can be restated.")
    }
    let correction = try correction(of: event, context)
    guard correction.booked != cost else {
      throw Refusal(code: "same-cost", status: 409, detail: "The entry costs \(cost) already.")
    }
    var derived = provenance(context)
    correction.add(to: &derived, as: "entry")
    derived["before"] = correction.booked?.json
    derived["after"] = cost.json
    return [
      PlannedEvent(
        type: "cost.restated", subject: "entry/\(position)",
        data: .object([
          "restates": .integer(position), "cost": cost.json, "reason": body["reason"], "invoice": body["invoice"],
        ]), derived: derived)
    ]
  }

  /// The entry with what is booked of it by now; refused where it is reversed.
  private func correction(of event: RecordedEvent, _ context: CommandContext) throws(Refusal) -> EntryCorrection {
    let subject = "entry/\(event.position)"
    let last = context.lastEvents[subject]
    if context.sequences[subject, default: 0] > 0 {
      guard let last, last.type != "entry.reversed" else {
        throw Refusal(code: "already-reversed", status: 409, detail: "The entry is reversed already.")
      }
    }
    return try EntryCorrection(event, last: last, zone: context.zone, firstOpen: periods.firstOpen)
  }
}

extension Refusal {
  fileprivate static func noEvent(_ position: Int64) -> Refusal {
    Refusal(code: "event-not-found", status: 404, detail: "The ledger has no event at position \(position).")
  }
}
