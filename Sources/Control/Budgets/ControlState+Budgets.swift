public import Domain

extension ControlState {
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
