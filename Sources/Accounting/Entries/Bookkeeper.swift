public import Domain

/// Turns records into journal entries, in the order of the log, and at the end into the allocation of each day.
///
/// Keeps what allocation needs, which grows with days, models, strategies and categories, not with events.
public struct Bookkeeper {
  /// The types of events that are booked.
  public static let types = [
    "completion.recorded", "cost.incurred", "revenue.earned", "entry.reversed", "cost.restated", "entry.adjusted",
  ]

  /// Completions whose cost is not known: they have no entry.
  public private(set) var unpriced = 0
  /// Entries made so far.
  public private(set) var entries = 0
  private let days: ClosedRange<CivilDate>
  private var shares = AllocationShares()

  /// Makes one for the postings of some days; what falls on other days is left out.
  public init(days: ClosedRange<CivilDate>) { self.days = days }

  /// Books a record, an entry for each day that it falls on.
  ///
  /// - Throws: `unreadable`, `overflow`, and what `body` throws.
  public mutating func post(_ record: AccountingRecord, _ body: (JournalEntry) throws -> Void) throws {
    let bookings = try record.bookings()
    guard let first = bookings.first else {
      if record.type == "completion.recorded" { unpriced += 1 }
      return
    }
    if bookings.count == 1, first.days.count == 1 {
      if days.contains(first.days[0].day) { try post(record, first, first.days[0].day, first.days[0].amount, body) }
      return
    }
    // A restatement takes back and books on the same days: one entry has both.
    for day in Set(bookings.flatMap { $0.days.map(\.day) }).sorted() where days.contains(day) {
      var lines: [JournalLine] = []
      for booking in bookings {
        for part in booking.days where part.day == day {
          lines += try self.lines(booking, day, part.amount)
        }
      }
      try hand(over: record, first, day, lines, body)
    }
  }

  /// The entries that divide, day by day, what names no model among the models that served.
  ///
  /// - Throws: `overflow`, and what `body` throws.
  public mutating func allocate(_ body: (JournalEntry) throws -> Void) throws {
    try shares.forEachEntry { entry in
      entries += 1
      try body(entry)
    }
  }

  private mutating func post(
    _ record: AccountingRecord, _ booking: Booking, _ day: CivilDate, _ amount: Amount,
    _ body: (JournalEntry) throws -> Void
  ) throws {
    try hand(over: record, booking, day, try lines(booking, day, amount), body)
  }

  private mutating func hand(
    over record: AccountingRecord, _ booking: Booking, _ day: CivilDate, _ lines: [JournalLine],
    _ body: (JournalEntry) throws -> Void
  ) throws {
    entries += 1
    try body(
      JournalEntry(
        day: day, position: record.position, type: record.type, time: record.time, receipt: record.receipt,
        labels: Self.labels(booking), lines: lines))
  }

  /// Debit and credit of one day's part; what it means for the day's allocation is kept.
  private mutating func lines(
    _ booking: Booking, _ day: CivilDate, _ amount: Amount
  ) throws(AccountingError) -> [JournalLine] {
    let fact = booking.fact
    let money = Money(amount, booking.money.currency)
    let debit: Account
    let credit: Account
    switch fact.kind {
    case .completion:
      let (provider, model) = (try fact.required("provider"), try fact.required("model"))
      (debit, credit) = (.inference(provider: provider, model: model), .accrued(provider: provider))
      try shares.add(inference: money, on: day, strategy: fact["strategy"], model: model)
    case .cost:
      let category = try fact.required("category")
      (debit, credit) = (.operating(category: category), .accrued(provider: fact["provider"]))
      if fact["model"] == nil {
        try shares.add(cost: money, on: day, category: category, strategy: fact["strategy"])
      }
    case .revenue:
      let strategy = try fact.required("strategy")
      (debit, credit) = (.receivable, .income(strategy: strategy, model: fact["model"]))
      if fact["model"] == nil { try shares.add(revenue: money, on: day, strategy: strategy) }
    }
    return [JournalLine(account: debit, money: money), JournalLine(account: credit, money: money.negated)]
  }

  private static func labels(_ booking: Booking) -> [(key: StaticString, name: ExactText)] {
    let fact = booking.fact
    var labels: [(key: StaticString, name: ExactText)] = []
    func add(_ key: StaticString, _ name: ExactText?) { if let name { labels.append((key, name)) } }
    if booking.isCorrection { add("corrects", ExactText("\(fact.position)")) }
    add("category", fact["category"])
    add("operation", fact["operation"])
    add("model", fact["model"])
    add("provider", fact["provider"])
    add("strategy", fact["strategy"])
    return labels
  }
}
