import Control
import Domain
import Testing

/// Random facts, corrections, closings and reopenings beside an oracle that keeps a list of postings and nothing else.
@Suite("Closings in random histories")
struct ClosingHistoryTests {
  struct Oracle {
    /// Of each event, the days on which it is posted.
    var posted: [(position: Int64, days: [String])] = []
    /// The last closed month.
    var closed: String?
    /// Entries that are booked and can be corrected, with the days that they are for.
    var entries: [Int64: [String]] = [:]

    var firstOpen: String? { closed.map { next($0) + "-01" } }

    func next(_ month: String) -> String {
      let parts = month.split(separator: "-").map { Int($0)! }
      return parts[1] == 12 ? "\(parts[0] + 1)-01" : "\(parts[0])-\(parts[1] < 9 ? "0" : "")\(parts[1] + 1)"
    }

    func moved(_ days: [String]) -> [String] { days.map { max($0, firstOpen ?? $0) } }

    /// The last position that posted to an open month up to this one.
    func last(_ month: String) -> Int64 {
      posted.filter { event in
        event.days.contains { String($0.prefix(7)) <= month && String($0.prefix(7)) > closed ?? "" }
      }.map(\.position).max() ?? 0
    }
  }

  private static let months = ["2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04"]

  private static func day(_ random: inout SeededGenerator) -> CivilDate {
    CivilDate("2025-10-20")!.advanced(byDays: Int.random(in: 0..<190, using: &random))
  }

  private func fact(_ ledger: inout TestLedger, _ oracle: inout Oracle, _ random: inout SeededGenerator) throws {
    let day = Self.day(&random)
    let position = ledger.state.position + 1
    var days = [day.description]
    if Bool.random(using: &random) {
      let end = day.advanced(byDays: Int.random(in: 1...70, using: &random))
      days = (day.daysSince1970..<end.daysSince1970).map { CivilDate(daysSince1970: $0).description }
      try ledger.fact(
        "cost.incurred", "cost/\(position)",
        Finance.cost("7", "\(day)T00:00:00Z", "\(end)T00:00:00Z"), at: ledger.now)
    } else {
      try ledger.fact(
        "completion.recorded", "call/\(position)", Finance.completion(reported: "1"),
        at: Timestamp(rfc3339: "\(day)T12:00:00Z")!)
    }
    oracle.entries[position] = oracle.moved(days)
    oracle.posted.append((position, oracle.moved(days)))
    let event = ledger.log[ledger.log.count - 1]
    #expect(event.derived?["posting_date"]?.string == oracle.moved(days).min())
    #expect(event.derived?["late"] == nil || oracle.moved(days) != days || day.startInUTC < ledger.now)
  }

  private func correct(_ ledger: inout TestLedger, _ oracle: inout Oracle, _ random: inout SeededGenerator) throws {
    guard let entry = oracle.entries.keys.sorted().randomElement(using: &random) else { return }
    let days = oracle.moved(oracle.entries[entry]!)
    let position = ledger.state.position + 1
    if Bool.random(using: &random) {
      #expect(ledger.refusal(.reverseEntry(position: entry, reason: "r"), by: .key("ann")) == nil)
      oracle.entries[entry] = nil
      #expect(ledger.refusal(.reverseEntry(position: entry, reason: "r"), by: .key("ann")) == "409 already-reversed")
    } else {
      let cost = Finance.money("\(position).5")
      let body = JSON.object(["position": .integer(entry), "cost": cost, "reason": .text("r")])
      #expect(ledger.refusal(.restateEntry(body), by: .key("ann")) == nil)
      #expect(ledger.log.last?.derived?["after"] == cost)
    }
    oracle.posted.append((position, days))
    #expect(ledger.log.last?.derived?["posting_date"]?.string == days.min())
  }

  private func closing(_ ledger: inout TestLedger, _ oracle: inout Oracle, _ random: inout SeededGenerator) {
    let month = Self.months.randomElement(using: &random)!
    if Int.random(in: 0..<4, using: &random) == 0 {
      let isLast = oracle.closed == month
      #expect((ledger.reopen(month) == nil) == isLast)
      if isLast {
        let index = Self.months.firstIndex(of: month)!
        oracle.closed = index == 0 ? "2025-10" : Self.months[index - 1]
      }
      return
    }
    let claimed = Int64.random(in: max(1, ledger.state.position - 12)...ledger.state.position, using: &random)
    let isOver = String(CivilDate(utcDayOf: ledger.now).description.prefix(7)) > month
    let isAllowed = isOver && month > oracle.closed ?? "" && oracle.last(month) <= claimed
    let refusal = ledger.close(month, at: claimed)
    #expect((refusal == nil) == isAllowed, "\(month) at \(claimed): \(refusal ?? "closed")")
    if isAllowed { oracle.closed = month }
  }

  @Test("agree with a list of postings", arguments: 1...8)
  func agree(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var ledger = TestLedger()
    try ledger.open()
    ledger.now = Timestamp(rfc3339: "2025-12-01T00:00:00Z")!
    var oracle = Oracle()
    for _ in 0..<70 {
      if Int.random(in: 0..<5, using: &random) == 0 {
        ledger.advance(hours: Int64.random(in: 1...150, using: &random))
      }
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<6: try fact(&ledger, &oracle, &random)
      case 6, 7: try correct(&ledger, &oracle, &random)
      default: closing(&ledger, &oracle, &random)
      }
      for month in Self.months {
        #expect(ledger.state.lastPosting(upTo: AccountingMonth(month)!) == oracle.last(month), "\(month)")
      }
      #expect(ledger.state.firstOpenDay?.description == oracle.firstOpen)
    }
    try holdsAgainstReplay(ledger)
  }

  /// The same from nothing, from a snapshot, and after dropped batches; and an audit finds nothing to object to.
  private func holdsAgainstReplay(_ ledger: TestLedger) throws {
    var replayed = ControlState(ledger: "main")
    for event in ledger.log {
      let before = replayed.snapshot()
      replayed.apply(event)
      replayed.drop()
      #expect(replayed.snapshot() == before)
      let again = replayed.reenact(event, zone: ledger.zone, digest: TestLedger.digest)
      if case .refused = again { Issue.record("\(event.position) \(event.type): \(again)") }
      if case .differs(let members) = again, !members.contains("type") {
        Issue.record("\(event.position) \(event.type) differs: \(members)")
      }
      replayed.apply(event)
      replayed.merge()
    }
    #expect(replayed.snapshot() == ledger.state.snapshot())
    #expect(try ControlState(snapshot: replayed.snapshot()).snapshot() == replayed.snapshot())
  }
}
