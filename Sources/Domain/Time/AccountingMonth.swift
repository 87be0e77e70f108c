/// A month of the ledger's reporting zone, which finance closes as a whole; printed `YYYY-MM`.
public struct AccountingMonth: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Months since January of the year 0: year × 12 + month − 1, for the years 1 to 9999.
  public let ordinal: Int32

  /// Wraps an ordinal; one beyond the years 1 to 9999 is held at the nearest month.
  public init(ordinal: Int32) { self.ordinal = min(max(ordinal, 12), 9999 * 12 + 11) }

  /// The month that a day lies in.
  public init(of day: CivilDate) { self.init(ordinal: Int32(clamping: day.year * 12 + day.month - 1)) }

  /// Reads `YYYY-MM`.
  public init?(_ text: String) {
    guard text.utf8.count == 7, let day = CivilDate(text + "-01") else { return nil }
    self.init(of: day)
  }

  /// The first day.
  public var firstDay: CivilDate {
    guard let day = CivilDate(year: Int(ordinal) / 12, month: Int(ordinal) % 12 + 1, day: 1) else {
      preconditionFailure("every month has a first day")
    }
    return day
  }

  /// The last day.
  public var lastDay: CivilDate {
    let first = firstDay
    return first.advanced(byDays: GregorianCalendar.length(ofMonth: first.month, year: first.year) - 1)
  }

  /// The month after this one.
  public var next: AccountingMonth { AccountingMonth(ordinal: ordinal + 1) }
  /// The month before this one.
  public var previous: AccountingMonth { AccountingMonth(ordinal: ordinal - 1) }

  /// `YYYY-MM`.
  public var description: String { String(firstDay.description.dropLast(3)) }

  /// Earlier first.
  public static func < (left: Self, right: Self) -> Bool { left.ordinal < right.ordinal }
}
