import Domain

/// Which months are closed, and for each month the last position that posted to it.
///
/// Closing is in order, so one month says it all: it and every month before it is closed. The marks are kept as events
/// come, in constant time; most come for the month of the one before, so that is noted apart from the table.
struct PeriodRegister: Sendable {
  /// The last closed month; nil: every month is open.
  private(set) var closedThrough = LayeredValue<AccountingMonth?>(nil)
  /// Every month that was closed by an event, reopened ones included.
  private(set) var closings = Layered<Int32, PeriodClosing>()
  /// The last position that posted to a month.
  private var marks = Layered<Int32, Int64>()
  /// The days of the month that was posted to last, and its position while the table does not have it.
  private var recentDays = 0..<0
  private var recentMonth: Int32 = 0
  private var recentPosition: Int64?
  /// First day of the first open month; nil: every day is open.
  private(set) var firstOpen: CivilDate?

  init() {}

  init(_ reader: SnapshotReader) throws(SnapshotFault) {
    if let text = reader.optionalText("closed_through") {
      guard let month = AccountingMonth(text) else { throw SnapshotReader.fault("closed_through") }
      closedThrough = LayeredValue(month)
      firstOpen = month.next.firstDay
    }
    closings = Layered(
      try reader.table("closings", by: \.month.ordinal) { reader throws(SnapshotFault) in try PeriodClosing(reader) })
    var positions: [Int32: Int64] = [:]
    for pair in try reader.list("postings", { $0 }) {
      guard let parts = pair.json.elements, parts.count == 2, let position = parts[1].integer,
        let month = parts[0].string.flatMap({ AccountingMonth($0) }),
        positions.updateValue(position, forKey: month.ordinal) == nil
      else { throw SnapshotReader.fault("postings") }
    }
    marks = Layered(positions)
  }

  /// What is committed.
  var snapshot: JSON {
    .object([
      "closed_through": closedThrough.merged.map { .text($0.description) },
      "closings": .array(closings.merged.values.sorted { $0.month < $1.month }.map(\.snapshot)),
      "postings": .array(
        marks.merged.sorted { $0.key < $1.key }.map { month, position in
          .array([.text(AccountingMonth(ordinal: month).description), .integer(position)])
        }),
    ])
  }

  /// The last position that posted to an open month up to this one; 0 where none did.
  func lastPosting(upTo month: AccountingMonth) -> Int64 {
    var last: Int64 = 0
    let closed = closedThrough.current?.ordinal ?? .min
    func take(_ ordinal: Int32, _ position: Int64) {
      if ordinal <= month.ordinal, ordinal > closed { last = max(last, position) }
    }
    marks.forEach(take)
    if let recentPosition { take(recentMonth, recentPosition) }
    return last
  }

  /// The last position that posted to each month, the earliest month first.
  var lastPostings: [(month: AccountingMonth, position: Int64)] {
    var positions: [Int32: Int64] = [:]
    marks.forEach { positions[$0] = $1 }
    if let recentPosition { positions[recentMonth] = recentPosition }
    return positions.sorted { $0.key < $1.key }.map { (AccountingMonth(ordinal: $0.key), $0.value) }
  }

  // MARK: Changing

  /// Notes that an event posts to a day.
  mutating func note(_ day: CivilDate, at position: Int64) {
    if !recentDays.contains(day.daysSince1970) {
      settle()
      let month = AccountingMonth(of: day)
      recentMonth = month.ordinal
      recentDays = month.firstDay.daysSince1970..<month.lastDay.daysSince1970 + 1
    }
    recentPosition = position
  }

  /// Notes that an event posts to days, each month of them.
  mutating func note(_ days: DaySpan, at position: Int64) {
    var day = days.from
    while day <= days.through {
      note(day, at: position)
      day = AccountingMonth(of: day).next.firstDay
    }
  }

  private mutating func settle() {
    if let recentPosition { marks[recentMonth] = recentPosition }
    recentPosition = nil
  }

  mutating func close(_ closing: PeriodClosing) {
    closings[closing.month.ordinal] = closing
    setClosed(closing.month)
  }

  mutating func reopen(_ month: AccountingMonth, at position: Int64) {
    if var closing = closings[month.ordinal] {
      closing.reopenedAt = position
      closings[month.ordinal] = closing
    }
    setClosed(month.previous)
  }

  private mutating func setClosed(_ month: AccountingMonth) {
    closedThrough.current = month
    firstOpen = month.next.firstDay
  }

  mutating func merge() {
    settle()
    marks.merge()
    closings.merge()
    closedThrough.merge()
  }

  mutating func drop() {
    recentPosition = nil
    recentDays = 0..<0
    marks.drop()
    closings.drop()
    closedThrough.drop()
    firstOpen = closedThrough.current?.next.firstDay
  }
}
