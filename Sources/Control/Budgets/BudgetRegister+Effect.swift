import Domain

extension BudgetRegister {
  /// What a completion does to counters and to its call's reservation; nil where that is nothing.
  ///
  /// Where the reporting owner is the one who asked, the decision says which counters it counts in, and in which windows;
  /// else what it names itself, at the present moment.
  func effect(of fact: SpendFact, _ moment: BudgetMoment) -> SpendEffect? {
    if table.isEmpty { return nil }
    var effect = SpendEffect(charges: [], settlement: nil)
    if let reservation = open[fact.call] {
      effect.settlement = reservation.owner != fact.owner ? .foreign : fact.isAbsorbed ? .kept : .settled
    } else if let reservation = late[fact.call],
      moment.now.microseconds(since: reservation.expiresAt) <= LateReservations.longestDelay
    {
      effect.settlement = reservation.owner != fact.owner ? .foreign : .late
    }
    switch effect.settlement {
    case .settled?, .kept?, .late?:
      guard let reservation = open[fact.call] ?? late[fact.call] else { return nil }
      chargeDecided(&effect, fact, reservation, moment)
    case .foreign?, nil: chargeUndecided(&effect, fact, moment, except: [])
    }
    return effect.charges.isEmpty && effect.settlement == nil ? nil : effect
  }

  /// Every line of the reservation, then the budgets that count the call and hold nothing for it.
  private func chargeDecided(
    _ effect: inout SpendEffect, _ fact: SpendFact, _ reservation: Reservation, _ moment: BudgetMoment
  ) {
    let ends = effect.settlement == .settled
    var covered: Set<Int32> = []
    for line in reservation.lines {
      let budget = table[line.budget]
      let isServed = serves(line, budget, fact, isFirst: !covered.contains(line.budget), reservation)
      if isServed || !budget.isOfTheCandidate { covered.insert(line.budget) }
      if budget.kind == .tokensPerMinute {
        let more = isServed ? fact.tokens - line.tokens : 0
        if more > 0 {
          effect.charges.append(
            SpendCharge(budget: budget.id, key: line.key, window: moment.window(.minute), tokens: more))
        }
        continue
      }
      if let charge = settle(line, budget, fact, isServed: isServed, ends: ends, isLate: effect.settlement == .late) {
        effect.charges.append(charge)
      }
    }
    chargeUndecided(&effect, fact, BudgetMoment(reservation.decidedAt, zone: moment.zone), except: covered)
  }

  /// True where the call counts on a line: the model that served may be another than the one that the line is for.
  private func serves(
    _ line: Reservation.Line, _ budget: Budget, _ fact: SpendFact, isFirst: Bool, _ reservation: Reservation
  ) -> Bool {
    guard budget.isOfTheCandidate else { return true }
    let isOfTier = budget.kind == .tierShare || budget.scope.dimension == .tier
    // Who does not tell the tier had the one that was decided: the winner's line comes first.
    if isOfTier && fact.key.tier == nil { return isFirst }
    return budget.counter(of: fact.key) == line.key
  }

  /// What becomes of one line; nil where nothing does.
  ///
  /// An unmetered call, or one whose cost is not known, takes what was reserved. An agent's takes at least that.
  private func settle(
    _ line: Reservation.Line, _ budget: Budget, _ fact: SpendFact, isServed: Bool, ends: Bool, isLate: Bool
  ) -> SpendCharge? {
    guard let currency = budget.currency else { return nil }
    func charge(_ amount: Amount, _ basis: SpendCharge.Basis) -> SpendCharge {
      SpendCharge(
        budget: budget.id, key: line.key, window: line.window, amount: Money(amount, currency), basis: basis,
        released: ends ? line.amount : nil)
    }
    guard ends || isLate else { return isServed ? unreserved(budget, line.key, line.window, fact) : nil }
    if !isServed {
      if fact.isByAgent { return charge(line.amount, .assumed) }
      return ends ? charge(.zero, .actual) : nil
    }
    guard fact.isMetered, let actual = budget.known(fact.cost) else { return charge(line.amount, .assumed) }
    return fact.isByAgent && actual < line.amount ? charge(line.amount, .assumed) : charge(actual, .actual)
  }

  /// Counts a call where nothing is reserved for it, in the windows of a moment.
  private func chargeUndecided(
    _ effect: inout SpendEffect, _ fact: SpendFact, _ moment: BudgetMoment, except covered: Set<Int32>
  ) {
    table.forEachMatch(fact.key) { budget, counter in
      if covered.contains(budget.number) { return }
      let window = moment.window(budget.period)
      if budget.kind == .tokensPerMinute {
        guard fact.tokens > 0 else { return }
        effect.charges.append(SpendCharge(budget: budget.id, key: counter, window: window, tokens: fact.tokens))
      } else if let charge = unreserved(budget, counter, window, fact) {
        effect.charges.append(charge)
      }
    }
  }

  /// A call that no reservation pays for: what it cost; where that is not known, the budget's worst case, but for a failed
  /// attempt that used nothing.
  private func unreserved(
    _ budget: Budget, _ key: ExactText, _ window: BudgetWindow, _ fact: SpendFact
  ) -> SpendCharge? {
    guard let currency = budget.currency else { return nil }
    func charge(_ amount: Amount, _ basis: SpendCharge.Basis) -> SpendCharge {
      SpendCharge(budget: budget.id, key: key, window: window, amount: Money(amount, currency), basis: basis)
    }
    if fact.isMetered, let actual = budget.known(fact.cost) { return charge(actual, .actual) }
    if let worst = budget.worstCase, fact.isMetered || !fact.isAbsorbed { return charge(worst, .assumed) }
    return charge(.zero, .unknown)
  }
}

// MARK: - Folding

extension BudgetRegister {
  /// Takes in what was concluded about a completion; follows the recorded lines alone, so that a replay does the same.
  mutating func apply(_ effect: SpendEffect, call: String, recordedAt: Timestamp) {
    prune(at: recordedAt)
    for charge in effect.charges {
      guard let budget = table[charge.budget] else {
        preconditionFailure("a completion counts in a budget that is not there: the log is damaged")
      }
      if let tokens = charge.tokens {
        count(tokens, budget, charge.key, charge.window)
      } else {
        change(budget, charge.key, charge.window) { $0.book(charge) }
      }
    }
    if effect.settlement == .settled { open[call] = nil }
  }
}
