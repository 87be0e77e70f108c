import Domain
import Testing

@Suite struct DaySpanTests {
  private static let noon = Timestamp(rfc3339: "2026-02-10T12:00:00Z")!
  private static let midnight = Timestamp(rfc3339: "2026-02-11T00:00:00Z")!

  @Test func `an empty period touches its day alone`() {
    for moment in [Self.noon, Self.midnight] {
      let span = DaySpan(of: moment, to: moment, in: .utc)
      #expect(span.from == CivilDate(utcDayOf: moment) && span.through == span.from)
    }
  }

  @Test func `a period that ends at midnight does not touch the day that begins there`() {
    let span = DaySpan(of: Self.noon, to: Self.midnight, in: .utc)
    #expect(span.through.description == "2026-02-10")
    let longer = DaySpan(of: Self.noon, to: Self.midnight.advanced(byMicroseconds: 1), in: .utc)
    #expect(longer.through.description == "2026-02-11")
  }

  @Test func `days before a bound are replaced by it`() {
    let span = DaySpan(from: CivilDate("2026-02-10")!, through: CivilDate("2026-02-20")!)
    func bounded(_ day: String?) -> [String] {
      let bounded = span.bounded(by: day.flatMap { CivilDate($0) })
      return [bounded.from.description, bounded.through.description]
    }
    #expect(bounded(nil) == ["2026-02-10", "2026-02-20"])
    #expect(bounded("2026-02-15") == ["2026-02-15", "2026-02-20"])
    #expect(bounded("2026-03-01") == ["2026-03-01", "2026-03-01"])
    #expect(bounded("2026-01-01") == ["2026-02-10", "2026-02-20"])
    #expect(DaySpan(span.json) == span)
  }

  @Test func `months follow one another, leap days and years' ends included`() {
    #expect(AccountingMonth("2024-02")?.lastDay.description == "2024-02-29")
    #expect(AccountingMonth("2100-02")?.lastDay.description == "2100-02-28")
    #expect(AccountingMonth("2026-12")?.next.description == "2027-01")
    #expect(AccountingMonth("2027-01")?.previous.description == "2026-12")
    #expect(AccountingMonth("2026-13") == nil && AccountingMonth("2026-1") == nil)
    var day = CivilDate("2023-12-01")!
    var month = AccountingMonth(of: day)
    // Day by day over a leap year: a month changes exactly on the first.
    for _ in 0..<450 {
      let next = day.advanced(byDays: 1)
      if next.day == 1 { month = month.next }
      #expect(AccountingMonth(of: next) == month)
      day = next
    }
  }
}
