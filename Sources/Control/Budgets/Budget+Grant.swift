import Domain

/// The ceiling of a standing approval counts as a budget does: what is decided under it is held, settled, and given back
/// when it expires. It matches no call by itself: decisions name it.
extension Budget {
  private static let grantPrefix = "grant/"

  /// The id that stands for an approval's ceiling; nobody else's id has a slash.
  static func grantID(_ approval: String) -> String { grantPrefix + approval }

  /// True for an approval's ceiling.
  static func isGrant(_ id: String) -> Bool { id.utf8.starts(with: grantPrefix.utf8) }

  /// True for an approval's ceiling.
  public var isGrant: Bool { Self.isGrant(id) }

  /// The ceiling of an approval.
  init(grant approval: String, ceiling: Money, number: Int32, position: Int64, createdAt: Timestamp) {
    self.init(
      id: Self.grantID(approval), number: number, kind: .spend, scope: .ledger, period: .total,
      limit: ceiling.amount, currency: ceiling.currency, isHard: true, thresholds: [], worstCase: nil, tokens: 0,
      shares: [], judgedFrom: .zero, isEnabled: true, note: nil, position: position, createdAt: createdAt)
  }
}

extension BudgetRegister {
  /// Starts to count under an approval's ceiling.
  mutating func apply(granted approval: String, ceiling: Money, at event: AppliedEvent) {
    guard table[Budget.grantID(approval)] == nil else { return }
    table.put(
      Budget(
        grant: approval, ceiling: ceiling, number: Int32(table.all.count), position: event.position,
        createdAt: event.recordedAt))
  }

  /// What is spent and reserved under an approval.
  func committed(under approval: String) -> Amount {
    guard let budget = table[Budget.grantID(approval)] else { return .zero }
    let window = BudgetWindow(budget.period, ordinal: 0)
    let place = CounterKey(budget: budget.number, window: window.ordinal, key: Budget.ledgerKey)
    return counters[place]?.committed ?? .zero
  }

  /// What a decision holds of an approval's ceiling; nil where it has none.
  func reservation(under approval: String, _ amount: Amount, _ moment: BudgetMoment) -> PlannedReservation? {
    guard let budget = table[Budget.grantID(approval)], let currency = budget.currency else { return nil }
    return PlannedReservation(
      budget: budget.id, key: Budget.ledgerKey, window: moment.window(budget.period),
      amount: Money(amount, currency), expiresAt: moment.expiry)
  }
}
