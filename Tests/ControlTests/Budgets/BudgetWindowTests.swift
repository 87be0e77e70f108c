import Domain
import Foundation
import Testing

@testable import Control

@Suite("A window")
struct BudgetWindowTests {
  /// A zone as the system knows it.
  private static func zone(_ name: String) -> ReportingZone {
    let zone = TimeZone(identifier: name)!
    var transitions: [ReportingZone.Transition] = []
    var moment = Date(timeIntervalSince1970: 1_700_000_000)
    let initial = zone.secondsFromGMT(for: moment)
    while let next = zone.nextDaylightSavingTimeTransition(after: moment), next.timeIntervalSince1970 < 2_000_000_000
    {
      transitions.append(
        .init(
          from: Timestamp(microseconds: Int64(next.timeIntervalSince1970) * 1_000_000),
          offset: zone.secondsFromGMT(for: next)))
      moment = next
    }
    return ReportingZone(identifier: name, initialOffset: initial, transitions: transitions)
  }

  @Test(
    "of a day starts at midnight of the zone, and has 23 or 25 hours where the clocks change",
    arguments: [
      ("UTC", "2026-03-29", "2026-03-29T00:00:00.000000Z", 24),
      ("Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00.000000Z", 23),
      ("Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00.000000Z", 25),
      ("America/New_York", "2026-03-08", "2026-03-08T05:00:00.000000Z", 23),
      ("America/New_York", "2026-11-01", "2026-11-01T04:00:00.000000Z", 25),
      ("Asia/Kolkata", "2026-07-01", "2026-06-30T18:30:00.000000Z", 24),
      // The clocks go forward over midnight: the day begins at one o'clock.
      ("America/Santiago", "2026-09-06", "2026-09-06T04:00:00.000000Z", 23),
      ("Pacific/Kiritimati", "2026-01-01", "2025-12-31T10:00:00.000000Z", 24),
    ])
  func days(name: String, day: String, start: String, hours: Int64) throws {
    let zone = Self.zone(name)
    let window = try #require(BudgetWindow(day))
    let starts = try #require(window.start(in: zone))
    let ends = try #require(window.end(in: zone))
    #expect(starts.description == start)
    #expect(ends.microseconds(since: starts) == hours * 3_600_000_000)
    #expect(BudgetWindow(.day, at: starts, zone: zone) == window)
    #expect(BudgetWindow(.day, at: starts.advanced(byMicroseconds: -1), zone: zone).ordinal == window.ordinal - 1)
    #expect(BudgetWindow(.day, at: ends, zone: zone).ordinal == window.ordinal + 1)
  }

  @Test(
    "of a month starts on its first day, leap years and years included",
    arguments: [
      ("2026-12", "2026-11-30T23:00:00.000000Z", 744), ("2026-03", "2026-02-28T23:00:00.000000Z", 743),
      ("2028-02", "2028-01-31T23:00:00.000000Z", 696), ("2026-10", "2026-09-30T22:00:00.000000Z", 745),
    ])
  func months(text: String, start: String, hours: Int64) throws {
    let zone = Self.zone("Europe/Berlin")
    let window = try #require(BudgetWindow(text))
    let starts = try #require(window.start(in: zone))
    #expect(starts.description == start)
    #expect(window.end(in: zone)?.microseconds(since: starts) == hours * 3_600_000_000)
    #expect(BudgetWindow(.month, at: starts, zone: zone) == window)
  }

  @Test("is written and read the same, and nothing else is one")
  func text() {
    for text in ["2026-11-20", "2026-11", "total", "2026-11-20T10:31Z", "1969-12-31T23:59Z"] {
      #expect(BudgetWindow(text)?.description == text)
    }
    for text in ["", "2026", "2026-13", "2026-02-30", "TOTAL", "2026-11-20T10:31", "2026-11-20T25:00Z"] {
      #expect(BudgetWindow(text) == nil, "\(text)")
    }
  }

  @Test("resets when the zone's day is over, not when UTC's is")
  func resets() {
    var ledger = SpendLedger()
    ledger.zone = Self.zone("America/New_York")
    ledger.limit("all", "ledger", "1")
    // 20:00 on the last day of winter time: four hours are left, of a day in which 23 were to come.
    ledger.now = Timestamp(rfc3339: "2026-03-08T00:00:00Z")!
    #expect(ledger.decide("c1", .call(), .usd("1")).hasRoom)
    #expect(ledger.decide("c2", .call(), .usd("1")).code == "budget_exceeded \(5 * 3_600_000)")
    ledger.complete("c1", tokens: 100)
    ledger.advance(seconds: 5 * 3_600 - 1)
    #expect(ledger.decide("c3", .call(), .usd("1")).code == "budget_exceeded 1000")
    ledger.advance(seconds: 1)
    #expect(ledger.decide("c4", .call(), .usd("1")).hasRoom)
    #expect(ledger.decide("c5", .call(), .usd("1")).code == "budget_exceeded \(23 * 3_600_000)")
  }

  @Test("tells what is left, how far it has gone by and where it will end")
  func burnsDown() throws {
    var ledger = SpendLedger()
    ledger.limit("all", "ledger", "10")
    ledger.advance(seconds: 6 * 3_600)
    ledger.complete("c1", tokens: 300)
    ledger.decide("c2", .call(), .usd("1"))
    let report = try #require(ledger.state.budgetReport("all", at: ledger.now, zone: .utc, limit: 1))
    let counter = try #require(report.counters.first)
    #expect(report.elapsed == Amount("0.25"))
    #expect(report.resetsAt == Timestamp(rfc3339: "2026-03-02T00:00:00Z"))
    #expect(counter.left == Amount("6"))
    #expect(counter.share == Amount("0.4"))
    #expect(counter.projected == Amount("12"))
  }

  @Test("that is over is forgotten once nothing can count in it any more, whether it was live or read back")
  func prunes() throws {
    var ledger = SpendLedger()
    ledger.limit("day", "user/*", "10")
    ledger.limit("ever", "ledger", "1000", window: "total")
    for day in 0..<12 {
      for user in 0..<5 {
        ledger.decide("c\(day)-\(user)", .call(user: "t-\(day)-\(user)"), .usd("1"))
        ledger.complete("c\(day)-\(user)", tokens: 10)
      }
      ledger.advance(seconds: 86_400)
    }
    var kept = 0
    ledger.state.budgets.counters.forEach { _, _ in kept += 1 }
    #expect(kept <= 5 * 6 + 1)
    #expect(ledger.shown("ever") == "6 0 0 0")
    var read = ControlState(ledger: "main")
    for event in ledger.log { read.apply(event) }
    read.merge()
    #expect(read.snapshot() == ledger.state.snapshot())
  }
}
