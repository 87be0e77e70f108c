import Domain

/// Budgets, what they count, and what open reservations hold of them.
///
/// Like the state that it is a part of, it is changed in an overlay, which is merged or dropped as a whole.
public struct BudgetRegister: Sendable {
  /// Budgets that a ledger may have.
  public static let most = 10_000

  var table = BudgetTable()
  private var mergedTable = BudgetTable()
  var counters = Layered<CounterKey, SpendCounter>()
  var rates = Layered<RateKey, TokenRate>()
  var open = Layered<String, Reservation>()
  var late = LateReservations()
  /// Last sequence of `budget-window/<id>`, by the budget's id.
  var crossings = Layered<String, Int64>()
  var expiries = ExpiryQueue()
  /// Crossings that are not recorded yet: between two submissions of a batch.
  var uncrossed: [Crossing] = []
  /// UTC day of the last change that looked for what no longer matters; nil before the first.
  private(set) var prunedDay: Int?
  private var mergedPrunedDay: Int?

  init() {}

  /// Starts with what is committed.
  init(
    table: BudgetTable, counters: [CounterKey: SpendCounter], rates: [RateKey: TokenRate], open: [Reservation],
    late: [Reservation], crossings: [String: Int64], prunedDay: Int?
  ) {
    self.table = table
    mergedTable = table
    self.counters = Layered(counters)
    self.rates = Layered(rates)
    self.open = Layered(Dictionary(uniqueKeysWithValues: open.map { ($0.decision, $0) }))
    self.late = LateReservations(late)
    self.crossings = Layered(crossings)
    expiries = ExpiryQueue(open.map { ExpiryQueue.Entry(expiresAt: $0.expiresAt, decision: $0.decision) })
    self.prunedDay = prunedDay
    mergedPrunedDay = prunedDay
  }

  /// Budgets whose counts are committed, in the order of creation.
  var mergedBudgets: [Budget] { mergedTable.all }
  /// The day of the last look for what no longer matters, as committed.
  var committedPrunedDay: Int? { mergedPrunedDay }

  mutating func merge() {
    guard !mergedTable.isEmpty || !table.isEmpty else { return }
    mergedTable = table
    mergedPrunedDay = prunedDay
    counters.merge()
    rates.merge()
    open.merge()
    late.merge()
    crossings.merge()
    let open = open
    expiries.merge(openCount: open.committedCount) { open.committed($0) != nil }
  }

  mutating func drop() {
    table = mergedTable
    prunedDay = mergedPrunedDay
    counters.drop()
    rates.drop()
    open.drop()
    late.drop()
    crossings.drop()
    expiries.drop()
    if !uncrossed.isEmpty { uncrossed = [] }
  }

  /// Forgets windows that no completion can count in any more, once a UTC day, by recorded time.
  ///
  /// A reservation counts in its decision's window, lives for a day at most, and is remembered for a day after it
  /// expired: what ended three days ago is out of reach.
  mutating func prune(at now: Timestamp) {
    let day = CivilDate(utcDayOf: now).daysSince1970
    guard prunedDay != day else { return }
    prunedDay = day
    let table = table
    counters.removeAll { key, _ in
      let window = BudgetWindow(table[key.budget].period, ordinal: key.window)
      return window.lastDay.map { $0 + Self.daysKept < day } ?? false
    }
    let minute = BudgetWindow(.minute, at: now, zone: .utc).ordinal
    rates.removeAll { _, rate in rate.minute < minute - 1 }
  }

  private static let daysKept = 3
}
