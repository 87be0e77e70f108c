import Domain

extension ControlState {
  /// The types of entries that can be taken back.
  static let reversibleTypes: Set<String> = ["completion.recorded", "cost.incurred", "revenue.earned"]

  /// Reverses an entry, once; what is reversed travels along, so that books can subtract it.
  func decideReversal(
    of position: Int64, reason: String, _ context: CommandContext
  ) throws(Refusal) -> [PlannedEvent] {
    try context.refuseAgent("reverse an entry")
    guard let event = context.events[position] else {
      throw Refusal(code: "event-not-found", status: 404, detail: "The ledger has no event at position \(position).")
    }
    guard Self.reversibleTypes.contains(event.type) else {
      throw Refusal(
        code: "not-reversible", status: 422,
        detail: "Only completion.recorded, cost.incurred and revenue.earned can be reversed.")
    }
    guard context.sequences["entry/\(position)", default: 0] == 0 else {
      throw Refusal(code: "already-reversed", status: 409, detail: "The entry is reversed already.")
    }
    let reversed = try Self.reversed(event)
    let postingDate =
      reversed["derived"]?["posting_date"] ?? .text(context.zone.date(of: event.occurredAt).description)
    var derived = provenance(context)
    derived["reversed"] = reversed
    derived["posting_date"] = postingDate
    return [
      PlannedEvent(
        type: "entry.reversed", subject: "entry/\(position)",
        data: .object(["reverses": .integer(position), "reason": .text(reason)]), derived: derived)
    ]
  }

  private static func reversed(_ event: RecordedEvent) throws(Refusal) -> JSON {
    do {
      return .object([
        "type": .text(event.type), "position": .integer(event.position), "data": try JSON(parsing: event.data),
        "derived": try event.derived.map { derived throws(JSONFaults) in try JSON(parsing: derived) },
      ])
    } catch {
      throw Refusal(
        code: "entry-damaged", status: 409, detail: "The log's text of this entry cannot be read; verify the log.")
    }
  }
}
