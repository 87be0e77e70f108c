import Domain

extension Deliberation {
  /// The event of the decision: what was asked in `data`, what was concluded in `derived`.
  func event(_ body: JSON, _ context: CommandContext) -> PlannedEvent {
    let served = winner ?? shown
    let isAllowed = outcome == .allowed
    return PlannedEvent(
      type: isAllowed ? "route.decided" : "route.denied", typeVersion: 2, subject: CallSubject.of(request.id),
      data: .object([
        "decided_by": .text("ledger"), "model": isAllowed ? served.map { .text($0.name) } : nil,
        "operation": .text(request.operation),
        "provider": isAllowed ? served?.model.map { .text($0.provider) } : nil, "request": body,
      ]),
      derived: derived(context))
  }

  private func derived(_ context: CommandContext) -> JSON {
    let prices = Set(candidates.flatMap { $0.estimate?.priceIDs ?? [] }).sorted()
    return .object([
      // In the order of RFC 8785, as this is on the path of every decision: nothing is left to sort.
      "approval": approval.map(JSON.text), "candidates": .array(candidates.map(\.json)),
      "estimate": shown?.estimate?.json,
      "fallbacks": .array(
        fallbacks.map { fallback in
          .object(["model": .text(fallback.name), "provider": fallback.model.map { .text($0.provider) }])
        }),
      "outcome": .text(outcome.rawValue), "owner": .text(context.principal.owner), "persons": request.persons,
      "price_ids": .array(prices.map(JSON.integer)), "rationale": .text(steps.joined(separator: " ")),
      "reasons": .array(reasons.map(JSON.text)), "relied_on": reliance.json,
      "reservations": .array(reservations), "retry_after_ms": retryAfterMilliseconds.map(JSON.integer),
      "rules_version": .integer(Int64(ControlState.rulesVersion)),
    ])
  }
}

extension Deliberation {
  /// What the call may cost under each grant at most, in the order of the candidates; without those of unknown cost.
  var charges: [(approval: String, amount: Amount)] {
    var most: [(approval: String, amount: Amount)] = []
    for candidate in candidates where candidate.code == nil {
      guard let approval = candidate.approval, let cost = candidate.estimate?.cost else { continue }
      if let place = most.firstIndex(where: { $0.approval == approval }) {
        most[place].amount = max(most[place].amount, cost.amount)
      } else {
        most.append((approval, cost.amount))
      }
    }
    return most
  }
}
