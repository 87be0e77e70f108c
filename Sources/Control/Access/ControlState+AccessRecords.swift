import Domain

extension ControlState {
  /// Records what a key read, in the ledger `system`; the body is the event's data.
  func decideAccessRecord(_ body: JSON, _ context: CommandContext) -> [PlannedEvent] {
    [
      PlannedEvent(
        type: "access.recorded", subject: "key/\(context.principal.key)", data: body, derived: provenance(context))
    ]
  }
}
