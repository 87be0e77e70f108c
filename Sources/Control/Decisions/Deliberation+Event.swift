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
      "grants": grants.isEmpty ? nil : .array(grants),
      "retry_after_ms": retryAfterMilliseconds.map(JSON.integer),
      "price_ids": .array(prices.map(JSON.integer)), "relied_on": reliance.json,
      "rules_version": .integer(Int64(ControlState.rulesVersion)), "owner": .text(context.principal.owner),
      "persons": request.persons,
    ])
  }
}

extension Deliberation {
  /// What the call may cost under each grant at most, for the grants' ceilings; in the order of the candidates.
  var charges: [JSON] {
    var most: [(approval: String, cost: Money?)] = []
    for candidate in candidates where candidate.code == nil {
      guard let approval = candidate.approval else { continue }
      let cost = candidate.estimate?.cost
      guard let place = most.firstIndex(where: { $0.approval == approval }) else {
        most.append((approval, cost))
        continue
      }
      guard let cost else { continue }
      if most[place].cost.map({ $0.currency == cost.currency && $0.amount < cost.amount }) ?? true {
        most[place].cost = cost
      }
    }
    return most.map { .object(["approval": .text($0.approval), "amount": $0.cost?.json]) }
  }
}
