import Domain
import Testing

@testable import Control

@Suite("A budget")
struct BudgetTests {
  @Test("lets through what fits to the last digit, and refuses a digit more until its window ends")
  func exact() {
    var ledger = SpendLedger()
    ledger.limit("all", "ledger", "1")
    #expect(ledger.decide("c1", .call(), .usd("0.999999999999")).hasRoom)
    #expect(ledger.decide("c2", .call(), .usd("0.000000000002")).code == "budget_exceeded 86400000")
    #expect(ledger.decide("c3", .call(), .usd("0.000000000001")).hasRoom)
    // Waiting does not help a call that no window has room for.
    #expect(ledger.decide("c4", .call(), .usd("1.5")).code == "budget_exceeded")
  }

  @Test("that is soft warns and holds all the same")
  func soft() {
    var ledger = SpendLedger()
    ledger.limit("all", "ledger", "1", hard: false)
    #expect(ledger.decide("c1", .call(), .usd("0.7")) == .room(warnings: []))
    #expect(ledger.decide("c2", .call(), .usd("0.7")) == .room(warnings: ["soft_budget_exceeded:all"]))
    #expect(ledger.shown("all") == "0 1.4 0 0")
  }

  /// A scope with the counters of a call on model a for eve in team red, and of one on b for bob in team blue.
  private static let scoped: [[String?]] = [
    ["user/*", "t-eve", "t-bob"], ["user/t-eve", "t-eve", nil], ["team/*", "red", "blue"], ["team/red", "red", nil],
    ["model/*", "a", "b"], ["model/a", "a", nil], ["tier/*", "cheap", "strong"], ["tier/cheap", "cheap", nil],
    ["operation/*", "chat", "chat"], ["operation/chat", "chat", "chat"], ["provider/p", "p", "p"],
    ["strategy/*", nil, nil], ["ledger", "ledger", "ledger"],
  ]

  @Test("counts what its scope names, each value of * by itself", arguments: scoped)
  func scopes(scope: [String?]) throws {
    let (first, second) = (scope[1], scope[2])
    var ledger = SpendLedger()
    ledger.limit("b", try #require(scope[0]), "10")
    ledger.decide("c1", .call("a", user: "t-eve", team: "red", tier: "cheap"), .usd("1"))
    ledger.decide("c2", .call("b", user: "t-bob", team: "blue", tier: "strong"), .usd("2"))
    let held = Dictionary(
      [(first, Amount("1")!), (second, Amount("2")!)].compactMap { key, amount in key.map { ($0, amount) } },
      uniquingKeysWith: { $0.plus($1) })
    let report = ledger.state.budgetReport("b", at: ledger.now, zone: .utc, limit: 10)
    #expect(
      Dictionary(uniqueKeysWithValues: (report?.counters ?? []).map { ($0.key.string, $0.reserved) }) == held)
  }

  @Test("of every kind is asked, and the first that has no room says so")
  func several() {
    var ledger = SpendLedger()
    ledger.limit("all", "ledger", "10")
    ledger.limit("eve", "user/t-eve", "1")
    #expect(ledger.decide("c1", .call(user: "t-eve"), .usd("2")).code == "budget_exceeded")
    #expect(ledger.decide("c2", .call(user: "t-bob"), .usd("2")).hasRoom)
  }

  @Test("is recorded in the order of the scopes, whichever was made first")
  func order() {
    var ledger = SpendLedger()
    for scope in ["tier/*", "model/*", "operation/chat", "user/t-eve", "user/*", "ledger"] {
      ledger.limit(String(scope.filter(\.isLetter)), scope, "10")
    }
    let planned = ledger.state.budgets.reservations(
      winner: (.call("a", user: "t-eve", tier: "cheap"), .usd("1")), fallbacks: [],
      BudgetMoment(ledger.now, zone: ledger.zone))
    #expect(planned.map(\.budget) == ["ledger", "user", "userteve", "operationchat", "model", "tier"])
  }

  @Test("refuses a price that is unknown or in another currency when it is hard, unless it has a worst case")
  func unknownPrice() {
    var ledger = SpendLedger()
    ledger.limit("all", "ledger", "10")
    let euros = SpendEstimate(cost: Money(Amount("1")!, Currency("EUR")!), tokens: 0)
    let unknown = SpendEstimate(cost: nil, tokens: 0)
    for estimate in [euros, unknown] { #expect(ledger.decide("c1", .call(), estimate).code == "price_unknown") }

    var worst = SpendLedger()
    worst.limit("all", "ledger", "10", worstCase: "4")
    #expect(worst.decide("c1", .call(), unknown).hasRoom)
    #expect(worst.decide("c2", .call(), euros).hasRoom)
    #expect(worst.shown("all") == "0 8 0 0")
    #expect(worst.decide("c3", .call(), unknown).code?.hasPrefix("budget_exceeded") == true)
    worst.complete("c1", model: "unknown", tokens: 7)
    worst.complete("free", model: "unknown", tokens: 7)
    #expect(worst.shown("all") == "8 4 0 4")

    var soft = SpendLedger()
    soft.limit("all", "ledger", "10", hard: false)
    #expect(soft.decide("c1", .call(), unknown) == .room(warnings: ["price_unknown:all"]))
  }

  @Test("that is free of charge is known to cost nothing")
  func free() {
    var ledger = SpendLedger(prices: [("a", "0")])
    ledger.limit("all", "ledger", "0")
    #expect(ledger.decide("c1", .call(), .usd("0")).hasRoom)
    ledger.complete("c1", tokens: 1_000)
    #expect(ledger.shown("all") == "0 0 0 0")
    #expect(ledger.counter("all")?.unknownCalls == 0)
  }

  @Test("keeps what was spent when limit, hardness, thresholds or worst case change, and counts on while it is off")
  func keepsSpent() {
    var ledger = SpendLedger()
    ledger.limit("all", "ledger", "10", thresholds: ["1"])
    ledger.complete("c0", tokens: 200)
    ledger.decide("c1", .call(), .usd("3"))
    ledger.limit("all", "ledger", "4", hard: false, thresholds: ["2", "9"], worstCase: "1")
    #expect(ledger.shown("all") == "2 3 0 2")
    ledger.limit("all", "ledger", "4", enabled: false)
    #expect(ledger.decide("c2", .call(), .usd("30")).hasRoom)
    ledger.limit("all", "ledger", "4")
    #expect(ledger.shown("all") == "2 33 0 2")
    #expect(ledger.decide("c3", .call(), .usd("0.1")).code?.hasPrefix("budget_exceeded") == true)
  }

  @Test("records each threshold once in a window, when spent and reserved reach it")
  func thresholds() {
    var ledger = SpendLedger()
    ledger.limit("all", "ledger", "10", thresholds: ["2.5", "5"])
    func crossed() -> [String] {
      ledger.events("budget.threshold_crossed").map {
        "\($0.data["window"]?.string ?? "") \($0.data["threshold"]?["amount"]?.string ?? "")"
      }
    }
    ledger.decide("c1", .call(), .usd("2.4"))
    #expect(crossed().isEmpty)
    ledger.decide("c2", .call(), .usd("0.1"))
    #expect(crossed() == ["2026-03-01 2.5"])
    ledger.complete("c1", tokens: 1)
    ledger.complete("c2", tokens: 600)
    #expect(crossed() == ["2026-03-01 2.5", "2026-03-01 5"])
    ledger.decide("c3", .call(), .usd("3"))
    #expect(crossed().count == 2)
    ledger.advance(seconds: 86_400)
    ledger.complete("c4", tokens: 900)
    #expect(crossed().dropFirst(2) == ["2026-03-02 2.5", "2026-03-02 5"])
    // One that comes below what is spent is crossed by the next call.
    ledger.limit("all", "ledger", "10", thresholds: ["2.5", "5", "6"])
    ledger.complete("c5", tokens: 1)
    #expect(crossed().last == "2026-03-02 6")
  }

  @Test("of shares warns of the tier that has more than its part, and records it once in a window")
  func shares() {
    var ledger = SpendLedger()
    let stake = ledger.configure("mix", .shares(["cheap": "0.8", "mid": "0.15", "strong": "0.05"], from: "10"))
    #expect(stake == nil)
    #expect(ledger.decide("c1", .call(tier: "strong"), .usd("2")) == .room(warnings: []))
    ledger.decide("c2", .call(tier: "cheap"), .usd("38"))
    #expect(ledger.decide("c3", .call(tier: "strong"), .usd("0.1")) == .room(warnings: ["tier_share_exceeded:mix"]))
    let strong = ledger.events("budget.threshold_crossed").filter { $0.data["key"]?.string == "strong" }
    #expect(strong.count == 1)
    #expect(strong.first?.data["share"]?.string == "0.05")
    // The decision's tier counts, whatever the completion says or leaves out.
    ledger.complete("c1", tokens: 100)
    let report = ledger.state.budgetReport("mix", at: ledger.now, zone: .utc, limit: 10)
    #expect(report?.total?.spent == Amount("1"))
    #expect(report?.counters.map(\.key.string) == ["cheap", "strong"])
    #expect(ledger.decide("c4", .call(tier: nil), .usd("100")) == .room(warnings: []))
  }
}

extension JSON {
  static func shares(_ shares: KeyValuePairs<String, String>, from: String, window: String = "day") -> JSON {
    .object([
      "kind": .text("tier_share"), "scope": .text("ledger"), "window": .text(window),
      "shares": .array(shares.map { .object(["tier": .text($0), "share": .text($1)]) }),
      "judged_from": Money(Amount(from)!, .usd).json,
    ])
  }
}
