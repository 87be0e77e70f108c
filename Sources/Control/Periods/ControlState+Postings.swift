public import Domain

extension ControlState {
  /// The types that books post to days; their last position is kept for each month.
  public static let postingTypes: Set<String> = [
    "completion.recorded", "cost.incurred", "revenue.earned", "invoice.received", "entry.reversed", "cost.restated",
    "entry.adjusted",
  ]

  /// First day of the first open month; nil: every day is open.
  public var firstOpenDay: CivilDate? { periods.firstOpen }
  /// The last closed month; it and all before it are closed. Nil: none is.
  public var closedThrough: AccountingMonth? { periods.closedThrough.current }
  /// Every month that was closed by an event, reopened ones included, the earliest first.
  public var closings: [PeriodClosing] { periods.closings.values.sorted { $0.month < $1.month } }
  /// The last position that posted to an open month up to this one; 0 where none did.
  public func lastPosting(upTo month: AccountingMonth) -> Int64 { periods.lastPosting(upTo: month) }
  /// The last position that posted to each month, the earliest month first.
  public var lastPostings: [(month: AccountingMonth, position: Int64)] { periods.lastPostings }

  /// Takes in on which days the fact at the state's position is posted: the writer's hot path.
  public mutating func note(_ posting: FactPosting, of type: String) {
    // Most facts are completions: told by comparison, where a set would hash the name.
    guard type == "completion.recorded" || Self.postingTypes.contains(type) else { return }
    periods.note(posting.date, at: position)
    if let accrual = posting.accrual { periods.note(accrual.bounded(by: posting.notBefore), at: position) }
  }

  /// Takes in on which days an event of the log is posted.
  mutating func applyPosting(_ event: AppliedEvent) {
    guard let derived = event.derived else { return }
    if let day = derived["posting_date"]?.string.flatMap({ CivilDate($0) }) { periods.note(day, at: event.position) }
    let accrual = derived["accrual"] ?? (derived["entry"] ?? derived["reversed"])?["derived"]?["accrual"]
    guard let accrual, let days = DaySpan(accrual) else { return }
    let bound = derived["not_before"] ?? accrual["not_before"]
    periods.note(days.bounded(by: bound?.string.flatMap { CivilDate($0) }), at: event.position)
  }

  mutating func applyReopened(_ event: AppliedEvent) {
    guard let month = AccountingMonth(event.text("period")) else { event.malformed("period") }
    periods.reopen(month, at: event.position)
  }
}
