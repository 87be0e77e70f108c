import Domain

extension BudgetRegister {
  /// What an allowed decision reserves: on each counter the largest estimate among the winner and the fallbacks that count in
  /// it, in the order of the budgets.
  ///
  /// Each of them must have had room (`verdict`) by itself. Nothing is reserved where a soft budget does not know the cost.
  public func reservations(
    winner: (SpendKey, SpendEstimate), fallbacks: [(SpendKey, SpendEstimate)], _ moment: BudgetMoment
  ) -> [PlannedReservation] {
    if table.isEmpty { return [] }
    var planned: [PlannedReservation] = []
    for (key, estimate) in [winner] + fallbacks {
      table.forEachMatch(key) { budget, counter in
        guard let next = plan(budget, counter, estimate, moment) else { return }
        guard let place = planned.firstIndex(where: { $0.budget == next.budget && $0.key == next.key }) else {
          planned.append(next)
          return
        }
        if let amount = next.amount, let held = planned[place].amount, amount.amount > held.amount {
          planned[place].amount = amount
        }
        if let tokens = next.tokens { planned[place].tokens = max(tokens, planned[place].tokens ?? 0) }
      }
    }
    return planned
  }

  private func plan(
    _ budget: Budget, _ counter: ExactText, _ estimate: SpendEstimate, _ moment: BudgetMoment
  ) -> PlannedReservation? {
    let window = moment.window(budget.period)
    guard let currency = budget.currency else {
      return PlannedReservation(
        budget: budget.id, key: counter, window: window, amount: nil, tokens: estimate.tokens,
        expiresAt: moment.expiry)
    }
    return budget.reservable(estimate.cost).map { amount in
      PlannedReservation(
        budget: budget.id, key: counter, window: window, amount: Money(amount, currency), expiresAt: moment.expiry)
    }
  }

  /// Takes in what an allowed decision reserved: `derived.reservations` of a `route.decided` of version 2.
  mutating func apply(decided event: AppliedEvent) {
    guard let elements = event.derived?["reservations"]?.elements, !elements.isEmpty else { return }
    prune(at: event.recordedAt)
    guard let decision = CallSubject.id(of: event.subject) else { event.malformed("subject") }
    var reservation = Reservation(
      decision: decision, owner: event.owner, decidedAt: event.recordedAt, expiresAt: event.recordedAt, lines: [])
    for element in elements {
      guard let planned = PlannedReservation(element), let budget = table[planned.budget] else {
        event.malformed("reservations")
      }
      let line = Reservation.Line(
        budget: budget.number, key: planned.key, window: planned.window, amount: planned.amount?.amount ?? .zero,
        tokens: planned.tokens ?? 0)
      reservation.lines.append(line)
      reservation.expiresAt = planned.expiresAt
      hold(line, budget)
    }
    open[reservation.decision] = reservation
    expiries.add(ExpiryQueue.Entry(expiresAt: reservation.expiresAt, decision: reservation.decision))
  }

  private mutating func hold(_ line: Reservation.Line, _ budget: Budget) {
    if budget.kind == .tokensPerMinute {
      count(line.tokens, budget, line.key, line.window)
    } else {
      change(budget, line.key, line.window) { $0.reserved = $0.reserved.plus(line.amount) }
    }
  }

  mutating func count(_ tokens: Int64, _ budget: Budget, _ key: ExactText, _ window: BudgetWindow) {
    let place = RateKey(budget: budget.number, key: key)
    var rate = rates[place] ?? TokenRate(minute: window.ordinal, tokens: 0, before: 0)
    rate.count(tokens, in: window.ordinal)
    rates[place] = rate
  }

  /// Changes a counter, and that of all tiers with it where shares are counted; finds thresholds that this crosses.
  mutating func change(
    _ budget: Budget, _ key: ExactText, _ window: BudgetWindow, _ body: (inout SpendCounter) -> Void
  ) {
    if budget.kind == .tierShare {
      changeOne(CounterKey(budget: budget.number, window: window.ordinal, key: Budget.totalKey), body)
    }
    let place = CounterKey(budget: budget.number, window: window.ordinal, key: key)
    let counter = changeOne(place, body)
    findCrossings(budget, place, counter)
  }

  @discardableResult
  private mutating func changeOne(_ place: CounterKey, _ body: (inout SpendCounter) -> Void) -> SpendCounter {
    var counter = counters[place] ?? SpendCounter()
    body(&counter)
    counters[place] = counter
    return counter
  }
}

// MARK: - Expiry

extension BudgetRegister {
  /// Events that are planned at once at most; what else is due comes with the next batch.
  static let dueAtOnce = 2_000

  /// The expiries due at or before `now`, the earliest first.
  func due(at now: Timestamp) -> [PlannedEvent] {
    let entries = expiries.due(at: now, atMost: Self.dueAtOnce) { open[$0] != nil }
    return entries.compactMap { entry in
      guard let reservation = open[entry.decision] else { return nil }
      return PlannedEvent(
        type: "reservation.expired", subject: "reservation/\(entry.decision)",
        data: .object([
          "decision": .text(entry.decision), "reason": .text("not settled by \(entry.expiresAt)"),
        ]),
        derived: .object([
          "owner": .text(Principal.system.owner), "released": .array(reservation.lines.compactMap(released)),
        ]),
        // A decision is final and its reservation ends once: this is the first event about it.
        bySystem: true, lastSequence: 0)
    }
  }

  private func released(_ line: Reservation.Line) -> JSON? {
    let budget = table[line.budget]
    guard let currency = budget.currency else { return nil }
    return .object([
      "budget": .text(budget.id), "key": .string(line.key), "window": .text(line.window.description),
      "amount": .text(line.amount.description), "currency": .text(currency.code),
    ])
  }

  /// Gives back what a reservation held; a completion that still comes is booked all the same.
  mutating func apply(expired event: AppliedEvent) {
    prune(at: event.recordedAt)
    guard let reservation = open[event.text("decision")] else { event.malformed("decision") }
    open[reservation.decision] = nil
    for line in reservation.lines where table[line.budget].kind != .tokensPerMinute {
      change(table[line.budget], line.key, line.window) { $0.reserved = $0.reserved.plus(line.amount.negated) }
    }
    late.add(reservation)
  }
}
