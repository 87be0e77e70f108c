import Domain
import Testing

@testable import Accounting

/// Entries worked by hand.
@Suite struct BookkeeperTests {
  private static let call = #"{"operation":"chat","model":"m1","provider":"p","strategy":"s"}"#

  private func call(_ position: Int64, _ model: String, _ cost: String, day: String = "2026-01-31") throws
    -> AccountingRecord
  {
    try record(
      position, "completion.recorded", #"{"operation":"chat","model":"\#(model)","provider":"p","strategy":"s"}"#,
      derived: #"{"posting_date":"\#(day)","cost":{"amount":"\#(cost)","currency":"USD"}}"#)
  }

  @Test func aCompletionDebitsInferenceAndCreditsWhatIsOwed() throws {
    let made = try entries([try call(7, "m1", "0.000001485")])
    #expect(made.count == 1 && made[0].position == 7)
    #expect(
      made[0].lines == [
        JournalLine(account: .inference(provider: "p", model: "m1"), money: money("0.000001485")),
        JournalLine(account: .accrued(provider: "p"), money: money("-0.000001485")),
      ])
    #expect(String(decoding: made[0].receipt, as: UTF8.self) == "main/7/" + String(repeating: "ab", count: 32))
  }

  @Test func anUnpricedCompletionHasNoEntryAndIsCounted() throws {
    var books = Bookkeeper(days: allDays)
    let unpriced = try record(
      1, "completion.recorded", Self.call, derived: #"{"posting_date":"2026-01-31","unpriced":true}"#)
    try books.post(unpriced) { _ in Issue.record("no entry") }
    #expect(books.unpriced == 1 && books.entries == 0)
  }

  @Test func aCostIsSpreadOverItsDaysTheEarliestGettingWhatIsLeft() throws {
    // 1 / 3 = 0.333333333333 and one unit of 10^-12 is left, for the first day. February 2028 has 29 days.
    let cost = try record(
      1, "cost.incurred",
      #"{"category":"vm","cost":{"amount":"1","currency":"USD"},"provider":"p","model":"m1"}"#,
      derived: #"{"posting_date":"2028-02-28","accrual":{"from":"2028-02-28","through":"2028-03-01"}}"#)
    let made = try entries([cost])
    #expect(made.map { "\($0.day)" } == ["2028-02-28", "2028-02-29", "2028-03-01"])
    #expect(
      made.map { "\($0.lines[0].money.amount)" } == ["0.333333333334", "0.333333333333", "0.333333333333"])
    #expect(made.allSatisfy { $0.lines[0].account == .operating(category: "vm") })
  }

  @Test func daysBeforeTheFirstOpenOneArePostedOnIt() throws {
    let cost = try record(
      1, "cost.incurred", #"{"category":"vm","cost":{"amount":"-4","currency":"USD"}}"#,
      derived: """
        {"posting_date":"2026-02-01","accrual":{"from":"2026-01-30","through":"2026-02-02","not_before":"2026-02-01"}}
        """)
    let made = try entries([cost])
    #expect(made.map { "\($0.day) \($0.lines[0].money.amount)" } == ["2026-02-01 -3", "2026-02-02 -1"])
  }

  @Test func aReversalTakesBackWhatIsBookedNow() throws {
    let entry = """
      {"type":"cost.incurred","position":3,"data":{"category":"vm","cost":{"amount":"10","currency":"USD"}},
       "derived":{"posting_date":"2026-01-01","accrual":{"from":"2026-01-01","through":"2026-01-02"}}}
      """
    func reversal(_ more: String) throws -> [JournalEntry] {
      try entries([
        try record(
          9, "entry.reversed", #"{"reverses":3,"reason":"twice"}"#,
          derived: #"{"posting_date":"2026-01-01","reversed":\#(entry)\#(more)}"#)
      ])
    }
    #expect(try reversal("").flatMap(\.lines).map { "\($0.money.amount)" } == ["-5", "5", "-5", "5"])
    let effective = try reversal(#","effective":{"amount":"8","currency":"EUR"},"not_before":"2026-01-02""#)
    #expect(effective.map { "\($0.day)" } == ["2026-01-02"])
    #expect(effective[0].lines.map { "\($0.money)" } == ["-8 EUR", "8 EUR"])
  }

  @Test func aRestatementTakesOffTheOldAndBooksTheNewInOneEntry() throws {
    let entry = """
      {"type":"completion.recorded","position":3,"data":\(Self.call),
       "derived":{"posting_date":"2026-01-01","cost":{"amount":"2","currency":"USD"}}}
      """
    let restated = try record(
      9, "cost.restated", #"{"restates":3}"#,
      derived: """
        {"posting_date":"2026-02-01","entry":\(entry),"before":{"amount":"2","currency":"USD"},
         "after":{"amount":"1.5","currency":"USD"}}
        """)
    let made = try entries([restated])
    #expect(made.count == 1 && "\(made[0].day)" == "2026-02-01")
    #expect(made[0].lines.map { "\($0.money.amount)" } == ["-2", "2", "1.5", "-1.5"])
    // What was unpriced before has nothing to be taken off.
    let priced = try record(
      9, "entry.adjusted", #"{"adjusts":3}"#,
      derived: #"{"posting_date":"2026-02-01","entry":\#(entry),"after":{"amount":"1.5","currency":"USD"}}"#)
    #expect(try entries([priced])[0].lines.count == 2)
  }

  @Test func sharedCostsGoToModelsByTheirInferenceCostOfTheDay() throws {
    // 10 by 1 : 2 : 0 of three models; 3.333333333333|3 and 6.666666666666|6: the larger remainder gets the unit.
    let shared = try record(
      5, "cost.incurred", #"{"category":"vm","cost":{"amount":"10","currency":"USD"}}"#)
    let made = try entries([
      try call(1, "m1", "1"), try call(2, "m2", "2"), try call(3, "m3", "0"),
      try call(4, "m1", "7", day: "2026-01-30"), shared,
    ])
    let allocation = try #require(made.last)
    #expect(allocation.position == 0 && allocation.type == "allocation")
    #expect(
      allocation.lines == [
        JournalLine(account: .allocatedCost(model: "m1"), money: money("3.333333333333")),
        JournalLine(account: .allocatedCost(model: "m2"), money: money("6.666666666667")),
        JournalLine(account: .allocationOfCost(category: "vm"), money: money("-10")),
      ])
  }

  @Test func whatCannotBeAllocatedStaysWhereItIs() throws {
    let revenue = try record(
      1, "revenue.earned", #"{"strategy":"other","revenue":{"amount":"3","currency":"USD"}}"#)
    let cost = try record(
      2, "cost.incurred", #"{"category":"vm","strategy":"other","cost":{"amount":"1","currency":"USD"}}"#)
    // Calls of another strategy, and a net cost below zero, divide nothing.
    let made = try entries([revenue, cost, try call(3, "m1", "1")])
    #expect(made.allSatisfy { $0.position > 0 })
    #expect(made[0].lines[1].account == .income(strategy: "other", model: nil))
  }

  @Test func revenueOfAStrategyGoesToItsModels() throws {
    let revenue = try record(
      1, "revenue.earned", #"{"strategy":"s","revenue":{"amount":"9","currency":"USD"}}"#)
    let made = try entries([revenue, try call(2, "m1", "1"), try call(3, "m2", "2")])
    let allocation = try #require(made.last)
    #expect(
      allocation.lines == [
        JournalLine(account: .allocatedRevenue(model: "m1"), money: money("-3")),
        JournalLine(account: .allocatedRevenue(model: "m2"), money: money("-6")),
        JournalLine(account: .allocationOfRevenue(strategy: "s"), money: money("9")),
      ])
  }

  @Test func anUnreadableRecordNamesItsPosition() throws {
    let broken = try record(12, "cost.incurred", #"{"category":"vm","cost":{"amount":"1"}}"#)
    #expect(throws: AccountingError(.unreadable, at: 12, "an amount is missing or is none")) {
      _ = try entries([broken])
    }
  }

  @Test func sharesAlwaysAddUp() throws {
    var random = SeededRandom(seed: 20260131)
    for _ in 0..<2_000 {
      let amount = Amount(
        units: Int128(random.next() >> UInt64.random(in: 0...60, using: &random)) * (random.next() & 1 == 0 ? 1 : -1))
      let from = CivilDate(daysSince1970: Int.random(in: 0...40_000, using: &random))
      let through = from.advanced(byDays: Int.random(in: 0...800, using: &random))
      let limit = from.advanced(byDays: Int.random(in: -5...900, using: &random))
      let parts = Accrual.days(
        of: amount, from: from, through: through, notBefore: random.next() & 1 == 0 ? limit : nil)
      #expect(parts.reduce(Int128(0)) { $0 + $1.amount.units } == amount.units)
      #expect(zip(parts, parts.dropFirst()).allSatisfy { $0.day < $1.day })
    }
  }
}

/// One seed, one history (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
