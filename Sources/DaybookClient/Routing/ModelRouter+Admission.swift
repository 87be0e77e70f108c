extension ModelRouter {
  /// What comes before any provider is asked.
  enum Admission {
    case go(Decision)
    case denied(Decision)
    case needsApproval(Decision)
    case stopped(KillSwitchVerdict)
  }

  /// Asks the guard, and then the ledger.
  func admit(_ call: RoutedCall) async throws -> Admission {
    guard call.decision.id.utf8.count <= Limits.callIDLength else { throw RoutingError(.invalidCall) }
    let verdict = guardian.check(call.facts(nil))
    if case .unknown = verdict {
      await recorder.refuse(call, code: "kill_switch_unknown")
      return .stopped(verdict)
    }
    let decision: Decision
    do {
      // Also where a switch is known to be active: the ledger denies, and so records the refusal.
      decision = try await ask(call)
    } catch let error as DaybookError {
      if case .stopped = verdict {
        await recorder.refuse(call, code: "kill_switch_active")
        return .stopped(verdict)
      }
      if error.isRetryable { await recorder.refuse(call, code: "no_decision") }
      throw RoutingError(.noDecision, cause: error)
    }
    switch decision.outcome {
    case .denied: return .denied(decision)
    case .needsApproval: return .needsApproval(decision)
    case .allowed:
      // After a request of ours that got no answer, `duplicate` is our own; else somebody has routed this call.
      if decision.isDuplicate, decision.attempts == 1 { throw RoutingError(.alreadyRouted, decision: decision) }
      return .go(decision)
    }
  }

  /// Asks for a decision. A caller that is cancelled meanwhile leaves at once, and what was decided is settled.
  private func ask(_ call: RoutedCall) async throws -> Decision {
    let asking = Task { [daybook] in try await daybook.decide(call.request) }
    let (answers, give) = AsyncStream.makeStream(of: Result<Decision, any Error>.self)
    Task {
      give.yield(await asking.result)
      give.finish()
    }
    for await answer in answers { return try answer.get() }
    Task { [recorder] in
      guard let decision = try? await asking.value, decision.outcome == .allowed else { return }
      await recorder.abandon(call, decision, code: "cancelled")
    }
    throw CancellationError()
  }
}
