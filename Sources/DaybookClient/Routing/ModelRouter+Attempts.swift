extension ModelRouter {
  /// What to do next.
  private enum Choice {
    case attempt(Decision.Target, any AIProvider)
    case stopped(KillSwitchVerdict)
    case exhausted
  }

  /// Calls the chosen model and then the fallbacks, in order, as far as they may help, and records every attempt.
  ///
  /// - Parameter serve: Asks one provider; what it learns on the way stands in the progress, also where it throws.
  /// - Throws: ``RoutingError``; `CancellationError`.
  func run(
    _ call: RoutedCall, _ decision: Decision,
    _ serve: (AIRequest, any AIProvider, inout AttemptProgress) async throws -> Void
  ) async throws -> RoutedCompletion {
    var machine = RouteMachine(decision)
    var attempts: [RoutedAttempt] = []
    // Whether a failure was the last one is known only when the next attempt begins.
    var failed: RoutedAttempt?
    while true {
      let choice = await choose(&machine, after: failed?.error, call, decision)
      guard case .attempt(let target, let provider) = choice, !Task.isCancelled else {
        throw await end(choice, call, decision, attempts, failed)
      }
      if let absorbed = failed { attempts.append(await record(absorbed, .absorbed, call, decision)) }
      failed = nil
      machine.began(target)
      var progress = AttemptProgress(target)
      let request = AIRequest(
        model: target.model, messages: call.messages, parameters: call.parameters,
        mayRepeat: { [guardian] in guardian.check(call.facts(target)).mayProceed })
      let number = Int64(attempts.count + 1)
      do {
        try await serve(request, provider, &progress)
        let done = Self.attempt(number, target, progress, decision, usage: progress.answer.usage)
        attempts.append(await record(done, .ok, call, decision))
        return RoutedCompletion(decision: decision, answer: progress.answer, attempts: attempts)
      } catch {
        let fault = error as? AIProviderError
        let usage = progress.usage(after: fault, call)
        var attempt = Self.attempt(number, target, progress, decision, usage: usage)
        if error is CancellationError || Task.isCancelled {
          _ = await record(attempt, .aborted, call, decision)
          throw CancellationError()
        }
        attempt.error = fault ?? AIProviderError(.modelFailed, "the provider failed", cause: error)
        if progress.hasContent { machine.commit() }
        failed = attempt
      }
    }
  }

  /// The next model that may be asked now, by the decision and by the guard.
  private func choose(
    _ machine: inout RouteMachine, after error: AIProviderError?, _ call: RoutedCall, _ decision: Decision
  ) async -> Choice {
    var passed: KillSwitchVerdict?
    while let target = machine.next(after: error) {
      guard let provider = provider(of: target) else { continue }
      let verdict = await verdict(on: target, call, decision)
      switch verdict {
      case .allowed: return .attempt(target, provider)
      case .stopped(let scope, _, _) where scope.hasPrefix("model/") || scope.hasPrefix("provider/"): passed = verdict
      case .stopped, .unknown: return .stopped(verdict)
      }
    }
    return passed.map { .stopped($0) } ?? .exhausted
  }

  /// The guard's word about a target, also by the other name that it was asked for by: a switch may be on either.
  private func verdict(
    on target: Decision.Target, _ call: RoutedCall, _ decision: Decision
  ) async -> KillSwitchVerdict {
    let verdict = await verdict(on: call.facts(target), decision)
    guard verdict.mayProceed, let asked = call.decision.model, asked != target.model,
      decision.candidates.contains(where: { $0.model == target.model && $0.origin == "requested" })
    else { return verdict }
    return await self.verdict(on: CallFacts(model: asked), decision)
  }

  /// The guard's word. The ledger has decided later than a stop that the guard still holds to: that may have ended since,
  /// so the guard gets the time that it needs to see the decision's position.
  private func verdict(on facts: CallFacts, _ decision: Decision) async -> KillSwitchVerdict {
    let verdict = guardian.check(facts)
    guard case .stopped = verdict, guardian.lastKnown.position < decision.position else { return verdict }
    await guardian.waitUntilKnown(position: decision.position)
    return guardian.check(facts)
  }

  /// Records the last failure, or settles what was never tried, and says how the call ended.
  private func end(
    _ choice: Choice, _ call: RoutedCall, _ decision: Decision, _ attempts: [RoutedAttempt], _ failed: RoutedAttempt?
  ) async -> any Error {
    var attempts = attempts
    var code = "cancelled"
    if case .exhausted = choice { code = "no_provider" }
    if case .stopped(let verdict) = choice { code = verdict.isUnknown ? "kill_switch_unknown" : "kill_switch_active" }
    if let failed {
      attempts.append(await record(failed, .error, call, decision))
    } else if let abandoned = await recorder.abandon(call, decision, code: code) {
      attempts.append(abandoned)
    }
    switch choice {
    case .attempt: return CancellationError()
    case .stopped(let verdict):
      return RoutingError(.stopped, decision: decision, attempts: attempts, verdict: verdict)
    case .exhausted:
      return RoutingError(
        failed == nil ? .noProvider : .failed, decision: decision, attempts: attempts, cause: failed?.error)
    }
  }

  private func record(
    _ attempt: RoutedAttempt, _ status: CompletionRecorded.Status, _ call: RoutedCall, _ decision: Decision
  ) async -> RoutedAttempt {
    var attempt = attempt
    attempt.status = status
    return await recorder.record(attempt, call, decision)
  }

  private static func attempt(
    _ number: Int64, _ target: Decision.Target, _ progress: AttemptProgress, _ decision: Decision,
    usage: UsageReading
  ) -> RoutedAttempt {
    RoutedAttempt(
      number: number, target: target, model: progress.answer.model, status: .ok, usage: usage,
      reportedCost: progress.answer.reportedCost, finishReason: progress.answer.finishReason,
      responseID: progress.answer.responseID, latencyMilliseconds: progress.latencyMilliseconds,
      timeToFirstTokenMilliseconds: progress.timeToFirstTokenMilliseconds,
      eventID: "\(decision.id).\(number)")
  }
}

extension KillSwitchVerdict {
  var isUnknown: Bool { if case .unknown = self { true } else { false } }
}
