import Domain

extension Deliberation {
  /// The event of the decision: what was asked in `data`, what was concluded in `derived`.
  func event(_ body: JSON, _ context: CommandContext) -> PlannedEvent {
    let served = winner ?? shown
    let isAllowed = outcome == .allowed
    return PlannedEvent(
      type: isAllowed ? "route.decided" : "route.denied", typeVersion: 2, subject: "call/\(request.id)",
      data: .object([
        "request": body, "decided_by": .text("ledger"), "operation": .text(request.operation),
        "model": isAllowed ? served.map { .text($0.name) } : nil,
        "provider": isAllowed ? served?.model.map { .text($0.provider) } : nil,
      ]),
      derived: derived(context))
  }

  private func derived(_ context: CommandContext) -> JSON {
    let prices = Set(candidates.flatMap { $0.estimate?.priceIDs ?? [] }).sorted()
    return .object([
      "outcome": .text(outcome.rawValue), "reasons": .array(reasons.map(JSON.text)),
      "candidates": .array(candidates.map(\.json)),
      "fallbacks": .array(
        fallbacks.map { fallback in
          .object(["model": .text(fallback.name), "provider": fallback.model.map { .text($0.provider) }])
        }),
      "rationale": .text(steps.joined(separator: " ")), "estimate": shown?.estimate?.json,
      "reservations": .array(reservations), "approval": approval.map(JSON.text),
      "retry_after_ms": retryAfterMilliseconds.map(JSON.integer),
      "price_ids": .array(prices.map(JSON.integer)), "relied_on": reliance.json,
      "rules_version": .integer(Int64(ControlState.rulesVersion)), "owner": .text(context.principal.owner),
      "persons": request.persons,
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
