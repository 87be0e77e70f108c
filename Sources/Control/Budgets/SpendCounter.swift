import Domain

/// What one budget counts for one key in one window.
struct SpendCounter: Sendable, Equatable {
  /// Booked.
  var spent = Amount.zero
  /// Held by open reservations.
  var reserved = Amount.zero
  /// Part of what was booked: what settled calls cost beyond their reservations.
  var overrun = Amount.zero
  /// Part of what was booked: what no reservation stood for.
  var unreserved = Amount.zero
  /// Lines booked.
  var calls: Int64 = 0
  /// Lines that booked nothing, as the cost is not known.
  var unknown: Int64 = 0
  /// Thresholds, or the share, whose crossing is recorded; ascending.
  var crossed: [Amount] = []

  /// What counts against the limit.
  var committed: Amount { spent.plus(reserved) }

  /// Books a line.
  mutating func book(_ charge: SpendCharge) {
    let amount = charge.amount?.amount ?? .zero
    spent = spent.plus(amount)
    if let released = charge.released {
      reserved = reserved.plus(released.negated)
      if let more = charge.overrun { overrun = overrun.plus(more) }
    } else {
      unreserved = unreserved.plus(amount)
    }
    calls += 1
    if charge.basis == .unknown { unknown += 1 }
  }
}

/// One counter: of a budget, for a key, in a window.
struct CounterKey: Hashable, Sendable {
  /// The budget's number.
  var budget: Int32
  /// The window's ordinal; its period is the budget's.
  var window: Int32
  var key: ExactText
}

extension Amount {
  /// The sum, held at the largest amount: a counter stops there rather than stop the ledger.
  func plus(_ other: Amount) -> Amount {
    if let sum = try? adding(other) { return sum }
    return isNegative ? Amount.largest.negated : .largest
  }
}
