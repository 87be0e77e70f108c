public import Domain

extension ControlState {
  /// Takes in what a fact tells about a model's health; costs nothing where there is nothing to learn.
  public mutating func observe(_ draft: EventDraft, recordedAt: Timestamp) {
    guard draft.type == "completion.recorded", policy.coolDown != nil, !routing.models.isEmpty,
      let model = draft.body["model"]?.string, let status = draft.body["status"]?.string
    else { return }
    observe(completionOf: model, status: status, occurredAt: draft.time ?? recordedAt, recordedAt: recordedAt)
  }

  /// Takes in how an attempt of a model ended: `error` and `absorbed` are failures, `ok` is a success.
  ///
  /// An attempt older than the rule's window says nothing about now: imports of old failures cool nothing down.
  mutating func observe(completionOf model: String, status: String, occurredAt: Timestamp, recordedAt: Timestamp) {
    let model = routing.models.exactName(model)
    guard let rule = policy.coolDown, self.model(model) != nil else { return }
    guard occurredAt > recordedAt.advanced(bySeconds: -rule.windowSeconds) else { return }
    switch status {
    case "ok": routing.coolDowns.succeeded(model)
    case "error", "absorbed": routing.coolDowns.failed(model, at: recordedAt, rule)
    default: break
    }
  }

  /// Until when a model is left alone; nil where it is not.
  public func coolsUntil(_ model: String, at now: Timestamp) -> Timestamp? {
    routing.coolDowns.coolsUntil(model, at: now)
  }

  /// The events of models that have failed too often, to be written right after what told so.
  func coolDownsDue(at now: Timestamp) -> [PlannedEvent] {
    guard !routing.coolDowns.tripped.isEmpty, let rule = policy.coolDown else { return [] }
    return routing.coolDowns.tripped.map { model in
      let known = routing.coolDowns.health[model] ?? ModelHealth()
      return PlannedEvent(
        type: "model.cooled_down", subject: "model-health/\(model)",
        data: .object([
          "model": .text(model), "failures": .integer(Int64(known.failures.count)),
          "window_s": .integer(rule.windowSeconds),
          "until": .text(now.advanced(bySeconds: rule.durationSeconds).description),
        ]),
        derived: .object(["owner": .text(Principal.system.owner)]), bySystem: true,
        lastSequence: known.coolDowns)
    }
  }
}
