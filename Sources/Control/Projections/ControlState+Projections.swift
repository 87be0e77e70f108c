import Domain

extension ControlState {
  /// Lets a projection go past an event that it cannot post: a person's recorded decision.
  func decideSkip(
    projection: String, version: Int, position: Int64, reason: String, _ context: CommandContext
  ) throws(Refusal) -> [PlannedEvent] {
    try context.requireHuman("skip an event of a projection")
    guard position >= 1, position <= self.position else {
      throw Refusal(code: "event-not-found", status: 404, detail: "The ledger has no event at position \(position).")
    }
    return [
      PlannedEvent(
        type: "projection.event_skipped", subject: "projection/\(projection)",
        data: .object([
          "projection": .text(projection), "version": .integer(Int64(version)), "position": .integer(position),
          "reason": .text(reason),
        ]),
        derived: provenance(context))
    ]
  }
}
