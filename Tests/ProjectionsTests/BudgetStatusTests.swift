import Domain
import TestKit
import Testing

@testable import Projections

@Suite("Budget status")
struct BudgetStatusTests {
  /// What a window should show, in units of an amount where it is money.
  private struct Sums: Equatable {
    var spent: Int128 = 0
    var open: Int128 = 0
    var overrun: Int128 = 0
    var unreserved: Int128 = 0
    var calls: Int64 = 0
    var reservations: Int64 = 0
    var settled: Int64 = 0
    var expired: Int64 = 0
    var crossed: Int64 = 0
  }

  private struct History {
    var events: [LoggedEvent] = []
    var sums: [[String]: Sums] = [:]
    var open: [(id: String, place: [String], amount: Amount)] = []
    var random: SeededGenerator

    init(seed: UInt64, count: Int) {
      random = SeededGenerator(seed: seed)
      for (budget, scope) in [("each", "user/*"), ("all", "ledger")] {
        events.append(
          LoggedEvent(
            type: "budget.configured", subject: "budget/\(budget)",
            data: members([
              "budget": .text(budget), "kind": .text("spend"), "scope": .text(scope), "hard": .boolean(true),
              "enabled": .boolean(true), "limit": money(Amount(whole: 50)),
            ])))
      }
      while events.count < count { step() }
    }

    private func money(_ amount: Amount) -> JSON {
      members(["amount": .text(amount.description), "currency": .text("USD")])
    }

    private mutating func amount() -> Amount {
      Amount(units: Int128(Int64.random(in: 0...3, using: &random)) * 1_500_000_000_000 + 1)
    }

    private mutating func step() {
      switch Int.random(in: 0..<9, using: &random) {
      case 0..<3: decide()
      case 3..<6: complete()
      case 6: expire()
      case 7: cross()
      default: events.append(LoggedEvent(type: "x.other", subject: "noise/1", data: members(["n": .integer(1)])))
      }
    }

    private mutating func place() -> [String] {
      let key = ["p_u1", "p_u2"].randomElement(using: &random)!
      return Bool.random(using: &random)
        ? ["each", key, ["2026-03-01", "2026-03-02"].randomElement(using: &random)!] : ["all", "ledger", "total"]
    }

    private func line(_ place: [String], _ more: KeyValuePairs<String, JSON>) -> JSON {
      var line = members(["budget": .text(place[0]), "key": .text(place[1]), "window": .text(place[2])])
      for (name, value) in more { line[name] = value }
      return line
    }

    private mutating func decide() {
      let (place, amount, id) = (place(), amount(), "c\(events.count)")
      open.append((id, place, amount))
      sums[place, default: Sums()].reservations += 1
      sums[place, default: Sums()].open += amount.units
      let tokens = line(["tpm", "chat", "2026-03-01T00:00Z"], ["tokens": .integer(9)])
      events.append(
        LoggedEvent(
          type: "route.decided", subject: "call/\(id)", data: members(["operation": .text("chat")]),
          derived: members(["reservations": .array([line(place, ["amount": money(amount)]), tokens])]),
          typeVersion: 2))
    }

    private mutating func complete() {
      let settled = Bool.random(using: &random) ? open.popLast() : nil
      let spent = amount()
      let place = settled?.place ?? place()
      var charge = line(
        place,
        ["amount": .text(spent.description), "currency": .text("USD"), "basis": .text("actual")])
      sums[place, default: Sums()].spent += spent.units
      sums[place, default: Sums()].calls += 1
      if let settled {
        charge["released"] = .text(settled.amount.description)
        sums[place, default: Sums()].settled += 1
        sums[place, default: Sums()].open -= settled.amount.units
        if spent > settled.amount, let more = try? spent.subtracting(settled.amount) {
          charge["overrun"] = .text(more.description)
          sums[place, default: Sums()].overrun += more.units
        }
      } else {
        sums[place, default: Sums()].unreserved += spent.units
      }
      events.append(
        LoggedEvent(
          type: "completion.recorded", subject: "call/\(settled?.id ?? "own\(events.count)")",
          data: members([
            "operation": .text("chat"), "model": .text("m"), "provider": .text("p"), "status": .text("ok"),
            "usage": members([:]),
          ]),
          derived: members([
            "posting_date": .text("2026-03-01"), "unpriced": .boolean(true),
            "budget": .array([charge, line(["tpm", "chat", "2026-03-01T00:00Z"], ["tokens": .integer(3)])]),
          ])))
    }

    private mutating func expire() {
      guard let due = open.popLast() else { return }
      sums[due.place, default: Sums()].expired += 1
      sums[due.place, default: Sums()].open -= due.amount.units
      events.append(
        LoggedEvent(
          type: "reservation.expired", subject: "reservation/\(due.id)", data: members(["decision": .text(due.id)]),
          derived: members([
            "released": .array([
              line(due.place, ["amount": .text(due.amount.description), "currency": .text("USD")])
            ])
          ])))
    }

    private mutating func cross() {
      let place = place()
      sums[place, default: Sums()].crossed += 1
      var data = line(place, ["threshold": money(Amount(whole: 5)), "spent": money(Amount(whole: 6))])
      data["reserved"] = money(.zero)
      events.append(LoggedEvent(type: "budget.threshold_crossed", subject: "budget-window/\(place[0])", data: data))
    }
  }

  @Test("adds up to what decisions, completions and expiries say, window by window", arguments: [1, 2] as [UInt64])
  func equalsRecomputation(seed: UInt64) async throws {
    let history = History(seed: seed, count: 500)
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      try bench.scribe.append(history.events)
      try await bench.posting { try await bench.settled() }
      let rows = try await bench.rows(BookRequest(ledger: "main", projection: "budget_status"))
      var found: [[String]: Sums] = [:]
      for row in rows {
        func units(_ name: String) -> Int128 { row[name]?.string.flatMap { Amount($0) }?.units ?? -1 }
        func count(_ name: String) -> Int64 { row[name]?.integer ?? -1 }
        let key = row["key"]?.string ?? row["user"]?.string ?? ""
        found[[row["budget"]?.string ?? "", key, row["period"]?.string ?? ""]] = Sums(
          spent: units("spent"), open: units("open_reserved"), overrun: units("overrun"),
          unreserved: units("unreserved"), calls: count("calls"), reservations: count("reservations"),
          settled: count("settled"), expired: count("expired"), crossed: count("thresholds_crossed"))
        #expect(row["budget_limit"]?.string == "50")
      }
      #expect(found == history.sums)
      let crossings = try await bench.rows(
        BookRequest(ledger: "main", projection: "budget_status", query: "crossings"))
      #expect(Int64(crossings.count) == history.sums.values.reduce(0) { $0 + $1.crossed })
      #expect(try BookDifference.reconcile(bench.connection, ledger: "main") == [])
    }
  }

  @Test("sets what budgets allow in a month beside what was spent of it")
  func budgetVersusActual() async throws {
    func event(_ type: String, _ data: JSON, _ derived: JSON? = nil) -> LoggedEvent {
      LoggedEvent(type: type, subject: "x/1", data: data, derived: derived)
    }
    func budget(_ id: String, _ limit: String) -> LoggedEvent {
      event(
        "budget.configured",
        members([
          "budget": .text(id), "kind": .text("spend"), "scope": .text("ledger"), "hard": .boolean(true),
          "enabled": .boolean(true), "limit": members(["amount": .text(limit), "currency": .text("USD")]),
        ]))
    }
    func spent(_ budget: String, _ period: String, _ amount: String) -> LoggedEvent {
      event(
        "completion.recorded", .object([:]),
        members([
          "budget": .array([
            members([
              "budget": .text(budget), "key": .text("ledger"), "window": .text(period), "amount": .text(amount),
              "currency": .text("USD"), "basis": .text("actual"),
            ])
          ])
        ]))
    }
    try await withDatabase { settings in
      let bench = try BookBench(settings)
      // February of a leap year: 29 days, ten of them gone. Of the month 58 of 100 by then are 168.2 at its end; the
      // daily budget of 2 allows 58 in all, of which 5 are spent: 14.5 at the end. What is later, or of January, is out.
      try bench.scribe.append([
        budget("month", "100"), budget("day", "2"), budget("ever", "9"), spent("month", "2028-02", "50"),
        spent("month", "2028-02", "8"), spent("month", "2028-01", "99"), spent("day", "2028-02-01", "2"),
        spent("day", "2028-02-10", "3"), spent("day", "2028-02-11", "7"), spent("ever", "total", "4"),
      ])
      // Only this book: the others want whole completions.
      let catalogue = try ProjectionCatalogue.load()
      let queries = BookQueries(settings, catalogue: catalogue)
      try await bench.posting {
        try await bench.eventually {
          try BookStatus.read(bench.connection).contains { $0.projection == "budget_status" && $0.position == 10 }
        }
      }
      let bytes = try await queries.bytes(
        BookRequest(
          ledger: "main", projection: "budget_status", query: "budget_vs_actual",
          parameters: [(name: "day", value: "2028-02-10")]))
      await queries.close()
      let columns = [
        "budget", "window", "allowed", "spent", "left", "used_share", "projected", "projected_difference",
      ]
      let rows = try JSON(parsing: bytes)["rows"]?.elements ?? []
      #expect(
        rows.map { row in columns.map { row[$0]?.string ?? "-" }.joined(separator: " ") } == [
          "day day 58 5 53 0.086207 14.5 -43.5", "ever total 9 4 5 0.444444 - -",
          "month month 100 58 42 0.58 168.2 68.2",
        ])
    }
  }
}
