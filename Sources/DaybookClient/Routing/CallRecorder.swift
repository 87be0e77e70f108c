internal import Domain

/// Records what became of calls, however their callers end.
struct CallRecorder: Sendable {
  let daybook: Daybook
  let appender: BufferedAppender
  let onUnrecorded: (@Sendable (Event, DaybookError) -> Void)?

  /// Records an attempt; the answer says where it could not be.
  func record(_ attempt: RoutedAttempt, _ call: RoutedCall, _ decision: Decision) async -> RoutedAttempt {
    var attempt = attempt
    attempt.unrecorded = await keep(
      event(attempt, call, decision, isBare: false), or: event(attempt, call, decision, isBare: true))
    return attempt
  }

  /// Settles what was allowed and never reached a provider: surely nothing was used.
  @discardableResult
  func abandon(_ call: RoutedCall, _ decision: Decision, code: String) async -> RoutedAttempt? {
    guard let target = decision.target else { return nil }
    let attempt = RoutedAttempt(
      number: 1, target: target, model: target.model, status: .aborted, usage: .nothing, latencyMilliseconds: 0,
      eventID: "\(decision.id).1")
    var completion = content(attempt, call, decision, isBare: true)
    completion.errorCode = code
    let event = Self.event(completion, attempt, decision)
    var recorded = attempt
    recorded.unrecorded = await keep(event, or: event)
    return recorded
  }

  /// Records that a call was refused here, where the ledger could not decide it.
  ///
  /// The scope of a kill switch may name a person, so only a code is told.
  func refuse(_ call: RoutedCall, code: String) async {
    let denial = RouteDenied(
      operation: call.decision.operation, model: call.decision.model ?? "unknown", provider: "unknown",
      rationale: code)
    let event = Event(denial, subject: CallSubject.of(call.decision.id), id: "\(call.decision.id).denied")
    _ = await keep(event, or: event)
  }

  private func event(
    _ attempt: RoutedAttempt, _ call: RoutedCall, _ decision: Decision, isBare: Bool
  ) -> Event {
    var event = Self.event(content(attempt, call, decision, isBare: isBare), attempt, decision)
    if !isBare { event.traceparent = call.traceparent }
    return event
  }

  private static func event(
    _ completion: CompletionRecorded, _ attempt: RoutedAttempt, _ decision: Decision
  ) -> Event {
    Event(completion, subject: CallSubject.of(decision.id), id: attempt.eventID, causationID: decision.id)
  }

  /// - Parameter isBare: Without what the caller or the provider chose freely, for an event that did not fit the catalogue.
  private func content(
    _ attempt: RoutedAttempt, _ call: RoutedCall, _ decision: Decision, isBare: Bool
  ) -> CompletionRecorded {
    let request = call.decision
    var completion = CompletionRecorded(
      operation: request.operation, model: ProviderText.token(attempt.model) ?? attempt.target.model,
      provider: attempt.target.provider, usage: attempt.usage.usage,
      latencyMilliseconds: attempt.latencyMilliseconds, usageSource: attempt.usage.source, status: attempt.status,
      attempt: attempt.number)
    completion.reportedCost = attempt.reportedCost
    completion.timeToFirstTokenMilliseconds = attempt.timeToFirstTokenMilliseconds
    completion.errorCode = attempt.error.map { $0.code.description }
    let asked = request.model ?? attempt.target.model
    if asked != completion.model { completion.requestedModel = asked }
    let origin = decision.candidates.first { $0.model == attempt.target.model }?.origin
    if origin == "tier" { completion.tier = request.tier }
    completion.user = request.user
    completion.session = request.session
    completion.team = request.team
    completion.strategy = request.strategy
    completion.goal = request.goal
    guard !isBare else { return completion }
    completion.finishReason = ProviderText.token(attempt.finishReason)
    completion.responseID = ProviderText.token(attempt.responseID)
    completion.tags = call.tags
    if let fault = attempt.usage.fault, completion.tags.count < 16 { completion.tags["usage_fault"] = fault.rawValue }
    completion.rawUsage = attempt.usage.raw
    return completion
  }

  /// Keeps an event, also after its caller was cancelled: in the spool, else straight in the ledger.
  private func keep(_ event: Event, or bare: Event) async -> DaybookError? {
    // A task of its own does not inherit the caller's cancellation.
    await Task { await keepNow(event, or: bare) }.value
  }

  private func keepNow(_ event: Event, or bare: Event) async -> DaybookError? {
    do {
      do {
        try await appender.add(event)
      } catch let error as DaybookError where error.code == .invalidEvent {
        try await appender.add(bare)
      } catch is DaybookError {
        // No room, or no spool any more: the ledger itself may be there.
        try await daybook.append(event)
      }
      return nil
    } catch {
      let error = error as? DaybookError ?? DaybookError(.undelivered, "the record was not kept", cause: error)
      onUnrecorded?(event, error)
      return error
    }
  }
}

/// Texts that a provider chose, where an event can hold them.
enum ProviderText {
  /// A printable token of at most 128 characters; nil for anything else.
  static func token(_ text: String?) -> String? {
    guard let text, !text.isEmpty, text.utf8.count <= 128, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      return nil
    }
    return text
  }
}
