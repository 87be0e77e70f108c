public import Domain

/// What a caller is told about its decision, read back from the decision's event: the first time and every other time.
public enum DecisionAnswer {
  /// The members of `derived` that the answer shows.
  private static let shown = [
    "outcome", "fallbacks", "reasons", "candidates", "rationale", "estimate", "reservations", "approval",
    "retry_after_ms", "price_ids", "relied_on", "rules_version",
  ]

  /// The answer; nil where the event is no decision of the ledger's.
  ///
  /// - Parameter isDuplicate: true where the decision was asked for before.
  public static func json(
    of event: RecordedEvent, isDuplicate: Bool
  ) -> JSON? {
    guard event.type == "route.decided" || event.type == "route.denied", event.typeVersion >= 2,
      let data = try? JSON(parsing: event.data),
      let derived = event.derived.flatMap({ try? JSON(parsing: $0) })
    else { return nil }
    var answer = JSON.object([
      "ledger": .text(event.ledger), "id": .text(event.id), "operation": data["operation"], "model": data["model"],
      "provider": data["provider"], "position": .integer(event.position),
      "recordedtime": .text(event.recordedAt.description), "duplicate": .boolean(isDuplicate),
    ])
    for member in shown { answer[member] = derived[member] }
    return answer
  }
}
