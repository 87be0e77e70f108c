import Domain

extension ControlState {
  /// Lets a projection go past an event that it cannot post: a person's recorded decision.
  func decideSkip(
    projection: String, version: Int, position: Int64, reason: String, _ context: CommandContext
  ) throws(Refusal) -> [PlannedEvent] {
    try context.requireHuman("skip an event of a projection")
    let isName = (1...128).contains(projection.utf8.count) && projection.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    guard isName, version >= 1 else {
      throw Refusal(code: "projection-not-found", status: 404, detail: "There is no projection of this name.")
    }
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
