import Domain

extension ControlState {
  /// The model that a session stays with, by the session's token; nil where it is free.
  func pinnedModel(of session: String?, at now: Timestamp) -> String? {
    session.flatMap { routing.sessions.model(of: $0, at: now, idleSeconds: policy.sessionIdleSeconds) }
  }
}

extension RoutingPart {
  /// Pins the session of a decision of the ledger's that allowed a call.
  mutating func pinSession(of event: AppliedEvent) {
    guard let session = event.derived?["persons"]?[DecisionRequest.sessionPointer]?.string,
      let model = event.data["model"]?.string
    else { return }
    sessions.allowed(session, model, at: event.recordedAt, idleSeconds: policy.current.sessionIdleSeconds)
  }
}
