public import Domain

extension ControlState {
  /// What a fact does to budgets and reservations; recorded in `derived`, and taken in by `apply(_:of:recordedAt:)`. Nil where
  /// it does nothing.
  ///
  /// - Parameters:
  ///   - cost: what the ledger concluded about the completion.
  ///   - persons: the tokens of the persons that it names, by pointer.
  ///   - principal: who reports it.
  ///   - now: the recorded time.
  public func effect(
    of draft: EventDraft, cost: CompletionCost, persons: [(pointer: String, token: String)], by principal: Principal,
    now: Timestamp, zone: ReportingZone
  ) -> SpendEffect? {
    guard !budgets.table.isEmpty, draft.type == "completion.recorded" else { return nil }
    let user = persons.first { $0.pointer == "/user" }?.token
    let fact = SpendFact(draft, cost: cost, user: user, by: principal, budgets.table)
    return budgets.effect(of: fact, BudgetMoment(now, zone: zone))
  }

  /// Takes in what was concluded about the fact at the state's position.
  ///
  /// - Parameter subject: the fact's: `call/<id>`.
  public mutating func apply(_ effect: SpendEffect, of subject: String, recordedAt: Timestamp) {
    budgets.apply(effect, call: CallSubject.id(of: subject) ?? subject, recordedAt: recordedAt)
  }

  /// Takes in a completion as it is read back from the log.
  mutating func applyCompletion(_ event: AppliedEvent) {
    observe(
      completionOf: event.text("model"), status: event.text("status"), occurredAt: event.occurredAt,
      recordedAt: event.recordedAt)
    guard let derived = event.derived, let effect = SpendEffect(derived: derived) else { return }
    apply(effect, of: event.subject, recordedAt: event.recordedAt)
  }

  /// What follows from the events applied last, to be written in the same batch: thresholds crossed, models that cool
  /// down.
  ///
  /// Asked after every submission, so it costs nothing where there is nothing.
  public func consequences(at now: Timestamp) -> [PlannedEvent] { budgets.recordCrossings() + coolDownsDue(at: now) }
}
