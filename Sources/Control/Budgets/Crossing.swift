import Domain

/// A threshold, or a tier's share, that a counter went over.
struct Crossing: Sendable, Equatable {
  var counter: CounterKey
  /// The threshold's amount, or the share.
  var level: Amount
}

extension BudgetRegister {
  /// Notes what a counter went over that is not recorded in its window yet.
  mutating func findCrossings(_ budget: Budget, _ place: CounterKey, _ counter: SpendCounter) {
    guard budget.isEnabled else { return }
    switch budget.kind {
    case .spend:
      let committed = counter.committed
      for threshold in budget.thresholds where committed >= threshold { note(place, threshold, counter) }
    case .tierShare:
      let total = CounterKey(budget: place.budget, window: place.window, key: Budget.totalKey)
      guard let share = budget.share(of: place.key),
        budget.isShareExceeded(place.key, counter.committed, of: counters[total]?.committed ?? .zero)
      else { return }
      note(place, share, counter)
    case .tokensPerMinute: break
    }
  }

  private mutating func note(_ place: CounterKey, _ level: Amount, _ counter: SpendCounter) {
    if counter.crossed.contains(level) { return }
    let crossing = Crossing(counter: place, level: level)
    if !uncrossed.contains(crossing) { uncrossed.append(crossing) }
  }

  /// The events that record what was gone over, in the order in which it happened.
  func recordCrossings() -> [PlannedEvent] {
    if uncrossed.isEmpty { return [] }
    var sequences: [String: Int64] = [:]
    return uncrossed.compactMap { crossing in
      let budget = table[crossing.counter.budget]
      guard let currency = budget.currency, let counter = counters[crossing.counter] else { return nil }
      let last = sequences[budget.id] ?? crossings[budget.id] ?? 0
      sequences[budget.id] = last + 1
      let isShare = budget.kind == .tierShare
      let total = CounterKey(
        budget: crossing.counter.budget, window: crossing.counter.window, key: Budget.totalKey)
      return PlannedEvent(
        type: "budget.threshold_crossed", subject: "budget-window/\(budget.id)",
        data: .object([
          "budget": .text(budget.id), "key": .string(crossing.counter.key),
          "window": .text(BudgetWindow(budget.period, ordinal: crossing.counter.window).description),
          "threshold": isShare ? nil : Money(crossing.level, currency).json,
          "share": isShare ? .text(crossing.level.description) : nil,
          "spent": Money(counter.spent, currency).json, "reserved": Money(counter.reserved, currency).json,
          "of": isShare ? counters[total].map { Money($0.committed, currency).json } : nil,
          "limit": isShare ? nil : Money(budget.limit, currency).json,
        ]),
        derived: .object(["owner": .text(Principal.system.owner)]), bySystem: true,
        lastSequence: last)
    }
  }

  mutating func apply(crossed event: AppliedEvent) {
    guard let budget = table[event.text("budget")], let window = BudgetWindow(event.text("window")) else {
      event.malformed("budget")
    }
    let text = event.data["share"]?.string ?? event.data["threshold"]?["amount"]?.string
    guard let level = text.flatMap({ Amount($0) }) else { event.malformed("threshold") }
    let place = CounterKey(budget: budget.number, window: window.ordinal, key: ExactText(event.text("key")))
    crossings[budget.id] = event.sequence
    uncrossed.removeAll { $0.counter == place && $0.level == level }
    guard var counter = counters[place], !counter.crossed.contains(level) else { return }
    counter.crossed = (counter.crossed + [level]).sorted()
    counters[place] = counter
  }
}
