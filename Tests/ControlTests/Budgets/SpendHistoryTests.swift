import Domain
import Testing

@testable import Control

@Suite("Random histories of spend")
struct SpendHistoryTests {
  private static let users = ["eve", "bob", nil]
  private static let owners = ["svc", "other"]

  /// A ledger and what should be true of it.
  private struct Run {
    var ledger = SpendLedger(checksCatalogue: false)
    var oracle = SpendOracle()
    var calls: [(id: String, owner: String)] = []
    var random: SeededGenerator

    init(seed: UInt64) {
      random = SeededGenerator(seed: seed)
      let all: [(String, String, String)] = [
        ("all", "ledger", "day"), ("each", "user/*", "day"), ("eve", "user/t-eve", "month"),
        ("model", "model/*", "total"),
      ]
      for (id, scope, window) in all.shuffled(using: &random).prefix(Int.random(in: 1...4, using: &random)) {
        let rule = SpendOracle.Rule(
          id: id, scope: scope, window: window, limit: Amount(whole: Int32.random(in: 1...12, using: &random)),
          isHard: Int.random(in: 0..<4, using: &random) > 0)
        configure(rule)
        oracle.rules.append(rule)
      }
    }

    mutating func configure(_ rule: SpendOracle.Rule) {
      let threshold = Amount(exactly: rule.limit.units / 2)!
      ledger.limit(
        rule.id, rule.scope, rule.limit.description, window: rule.window, hard: rule.isHard,
        thresholds: [threshold.description])
    }

    mutating func step() {
      if Int.random(in: 0..<3, using: &random) == 0 {
        ledger.advance(seconds: [1, 60, 450, 900, 20_000].randomElement(using: &random)!)
      }
      ledger.expire()
      oracle.expire(ledger.now)
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<5: decide()
      case 5..<9: complete()
      default: raise()
      }
    }

    private mutating func decide() {
      let user = SpendHistoryTests.users.randomElement(using: &random)!.map { "t-" + $0 }
      let owner = SpendHistoryTests.owners.randomElement(using: &random)!
      let id = "c\(calls.count)"
      func candidate(_ model: String, _ random: inout SeededGenerator) -> (SpendKey, Amount) {
        (.call(model, user: user), Amount(units: Int128(Int64.random(in: 0...40, using: &random)) * 100_000_000_000))
      }
      let winner = candidate("a", &random)
      let fallback = candidate("b", &random)
      let expected = oracle.hasRoom(winner.0, winner.1, at: ledger.now)
      let isAble = oracle.hasRoom(fallback.0, fallback.1, at: ledger.now)
      func estimate(_ amount: Amount) -> SpendEstimate { SpendEstimate(cost: Money(amount, .usd), tokens: 0) }
      let verdict = ledger.decide(
        id, winner.0, estimate(winner.1), fallbacks: [(fallback.0, estimate(fallback.1))],
        by: .key(owner, .service))
      if verdict.hasRoom != expected { Issue.record("the oracle decides otherwise: \(verdict)") }
      guard expected else { return }
      oracle.reserve(id, owner: owner, isAble ? [winner, fallback] : [winner], at: ledger.now)
      calls.append((id, owner))
    }

    private mutating func complete() {
      let known = calls.suffix(12).randomElement(using: &random)
      let isForeign = Int.random(in: 0..<8, using: &random) == 0
      let call = known?.id ?? "x"
      let owner = isForeign ? "third" : known?.owner ?? "svc"
      let isAgent = Int.random(in: 0..<4, using: &random) == 0
      let status = ["ok", "ok", "error", "absorbed"].randomElement(using: &random)!
      let model = ["a", "a", "b"].randomElement(using: &random)!
      let user = SpendHistoryTests.users.randomElement(using: &random)!
      let tokens: Int64? = [nil, 0, 5, 80, 300].randomElement(using: &random)!
      ledger.complete(
        call, model: model, tokens: tokens, status: status, user: user, by: .key(owner, isAgent ? .agent : .service))
      let isMetered = (tokens ?? 0) > 0
      let perToken: Int64 = model == "a" ? 10_000_000_000 : 30_000_000_000
      oracle.complete(
        call, .call(model, user: user.map { "t-" + $0 }),
        cost: isMetered ? Amount(units: Int128(perToken * (tokens ?? 0))) : nil, isAbsorbed: status == "absorbed",
        owner: owner, isAgent: isAgent, at: ledger.now)
    }

    private mutating func raise() {
      guard let index = oracle.rules.indices.randomElement(using: &random) else { return }
      oracle.rules[index].limit = oracle.rules[index].limit.plus(Amount(whole: 1))
      configure(oracle.rules[index])
    }

    /// Every counter of the state against the lists.
    func check() {
      var places: Set<SpendOracle.Place> = []
      ledger.state.budgets.counters.forEach { key, counter in
        let budget = ledger.state.budgets.table[key.budget]
        let place = SpendOracle.Place(
          budget: budget.id, key: key.key.string,
          window: BudgetWindow(budget.period, ordinal: key.window).description)
        places.insert(place)
        // What reservations stood for never passes the limit; only what none stood for does.
        let covered = counter.spent.plus(counter.overrun.negated).plus(counter.unreserved.negated)
        let isRight =
          counter.spent == oracle.spent(place) && counter.reserved == oracle.reserved(place)
          && covered == oracle.covered(place) && (!budget.isHard || covered.plus(counter.reserved) <= budget.limit)
        // An expectation for each of half a million would take most of the time.
        if !isRight { Issue.record("\(place): \(counter), and the oracle says \(oracle.spent(place))") }
      }
      if !oracle.held.allSatisfy({ places.contains($0.place) }) { Issue.record("a reservation is not counted") }
    }
  }

  @Test("say what a simple oracle says, and no hard budget is passed but by booked overruns", arguments: 0..<40)
  func agree(batch: UInt64) {
    for seed in batch * 50..<batch * 50 + 50 {
      var run = Run(seed: seed)
      for step in 1...20 {
        run.step()
        if step % 5 == 0 { run.check() }
      }
    }
  }

  @Test("end each reservation once, and add up to the log's own lines", arguments: 0..<20 as Range<UInt64>)
  func addUp(seed: UInt64) throws {
    var run = Run(seed: seed &* 7919)
    for _ in 0..<120 { run.step() }
    run.ledger.advance(seconds: 1_000)
    run.ledger.expire()
    #expect(run.ledger.state.budgets.open.isEmpty)
    let decided = run.ledger.events("route.decided").filter {
      $0.derived?["reservations"]?.elements?.isEmpty == false
    }
    let settled = run.ledger.events("completion.recorded").filter { $0.derived?["settlement"]?.string == "settled" }
    let ended =
      settled.map(\.subject) + run.ledger.events("reservation.expired").map { "call/" + $0.text("decision") }
    #expect(Set(ended).count == ended.count)
    #expect(Set(ended) == Set(decided.map(\.subject)))
    var sums: [String: Amount] = [:]
    for event in run.ledger.log {
      for line in event.derived?["budget"]?.elements ?? [] {
        let place = "\(line["budget"]!.string!) \(line["key"]!.string!) \(line["window"]!.string!)"
        sums[place] = (sums[place] ?? .zero).plus(Amount(line["amount"]!.string!)!)
      }
    }
    run.ledger.state.budgets.counters.forEach { key, counter in
      let budget = run.ledger.state.budgets.table[key.budget]
      let place = "\(budget.id) \(key.key) \(BudgetWindow(budget.period, ordinal: key.window))"
      #expect(counter.spent == sums[place] ?? .zero)
      #expect(counter.reserved == .zero)
    }
  }

  @Test(
    "give the same bytes live, from nothing, from a snapshot at any position, and after dropped batches",
    arguments: 0..<10 as Range<UInt64>)
  func replay(seed: UInt64) throws {
    var run = Run(seed: seed &+ 90_000)
    for _ in 0..<60 { run.step() }
    let log = run.ledger.log
    var prefix = ControlState(ledger: "main")
    for (index, event) in log.enumerated() {
      let before = prefix.snapshot()
      for later in log[index...].prefix(Int.random(in: 1...6, using: &run.random)) { prefix.apply(later) }
      #expect(prefix.snapshot() == before)
      prefix.drop()
      #expect(prefix.snapshot() == before)
      if index % 9 == 0 {
        var restored = try ControlState(snapshot: before)
        #expect(restored.snapshot() == before)
        for later in log[index...] { restored.apply(later) }
        restored.merge()
        #expect(restored.snapshot() == run.ledger.state.snapshot())
        #expect(restored.due(at: .latest) == run.ledger.state.due(at: .latest))
      }
      prefix.apply(event)
      prefix.merge()
    }
    #expect(prefix.snapshot() == run.ledger.state.snapshot())
  }

  @Test("tell what is due in order, however many were settled before", arguments: 1...8 as ClosedRange<UInt64>)
  func dueInOrder(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var ledger = SpendLedger()
    ledger.limit("all", "ledger", "1000000")
    var open: [String: Timestamp] = [:]
    for call in 0..<400 {
      let life = Int64.random(in: 1...900, using: &random) * 1_000_000
      ledger.decide("c\(call)", .call(), .usd("1"), life: life)
      open["c\(call)"] = ledger.now.advanced(byMicroseconds: life)
      if Int.random(in: 0..<3, using: &random) == 0, let settled = open.keys.sorted().randomElement(using: &random) {
        ledger.complete(settled, tokens: 1)
        open[settled] = nil
      }
    }
    let now = ledger.now.advanced(bySeconds: 500)
    let expected = open.filter { $0.value <= now }.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(\.key)
    #expect(ledger.state.due(at: now).map { String($0.subject.dropFirst("reservation/".count)) } == expected)
  }
}
