import Domain
import Testing

@testable import Control

@Suite("A budget's configuration")
struct BudgetConfigurationTests {
  private func ledger() -> SpendLedger {
    var ledger = SpendLedger()
    ledger.configure("b", .budget("ledger", "10", hard: true, thresholds: ["2", "5"], worstCase: "3"))
    return ledger
  }

  /// What is configured next, and what that puts at stake.
  private static func next(_ index: Int) -> (JSON, String?) {
    func money(
      _ limit: String, hard: Bool = true, _ thresholds: [String] = ["2", "5"], worst: String? = "3",
      enabled: Bool? = nil
    ) -> JSON {
      .budget("ledger", limit, hard: hard, thresholds: thresholds, worstCase: worst, enabled: enabled)
    }
    switch index {
    case 0: return (money("10"), nil)
    case 1: return (money("9", ["1", "5", "7"], worst: "4"), nil)
    case 2: return (money("10", worst: nil), nil)
    case 3: return (money("10.01"), "budget_change medium")
    case 4: return (money("20"), "budget_change high")
    case 5: return (money("1", hard: false), "loosening high")
    case 6: return (money("10", enabled: false), "loosening high")
    case 7: return (money("10", ["2"]), "budget_change low")
    case 8: return (money("10", ["2", "6"]), "budget_change low")
    case 9: return (money("10", worst: "2"), "loosening high")
    case 10: return (.budget("team/*", "10", hard: true), "409 budget-fixed")
    case 11: return (.budget("ledger", "10", window: "month"), "409 budget-fixed")
    default: return (.budget("ledger", "10", currency: "EUR"), "409 budget-fixed")
    }
  }

  @Test("is free where it is as tight or tighter, and else is at stake by what it gives up", arguments: 0...12)
  func stakes(index: Int) {
    let (next, stake) = Self.next(index)
    var ledger = ledger()
    #expect(ledger.configure("b", next) == stake)
  }

  @Test("of a soft budget, of tokens and of shares puts less at stake")
  func softStakes() {
    var ledger = SpendLedger()
    ledger.configure("soft", .budget("ledger", "10", hard: false))
    #expect(ledger.configure("soft", .budget("ledger", "100", hard: false)) == "budget_change medium")
    #expect(ledger.configure("soft", .budget("ledger", "100", hard: true)) == nil)
    func tokens(_ count: Int64) -> JSON {
      .object(["kind": .text("tokens_per_minute"), "scope": .text("user/*"), "tokens": .integer(count)])
    }
    ledger.configure("tpm", tokens(1_000))
    #expect(ledger.configure("tpm", tokens(900)) == nil)
    #expect(ledger.configure("tpm", tokens(1_000)) == "budget_change medium")
    #expect(ledger.configure("tpm", tokens(2_000)) == "budget_change high")
    ledger.configure("mix", .shares(["cheap": "0.8"], from: "10"))
    #expect(ledger.configure("mix", .shares(["cheap": "0.7", "mid": "0.1"], from: "5")) == nil)
    #expect(ledger.configure("mix", .shares(["cheap": "0.7"], from: "5")) == "budget_change medium")
    #expect(ledger.configure("mix", .shares(["cheap": "0.7"], from: "6")) == "budget_change medium")
  }

  private static let contradictions: [JSON] = [
    .budget("nobody", "1"), .budget("user/", "1"), .budget("ledger/x", "1"), .object(["scope": .text("ledger")]),
    .object(["scope": .text("ledger"), "kind": .text("tokens_per_minute"), "window": .text("day")]),
    .object([
      "kind": .text("tier_share"), "scope": .text("user/*"), "window": .text("day"), "shares": .array([]),
      "judged_from": Money(.zero, .usd).json,
    ]),
    .shares(["cheap": "0.8", "cheap": "0.1"], from: "1"),
  ]

  @Test("that contradicts itself is refused", arguments: contradictions)
  func refused(body: JSON) {
    var ledger = SpendLedger()
    #expect(ledger.configure("b", body) == "422 invalid-budget")
    #expect(ledger.configure("a/b", .budget("ledger", "1")) == "422 invalid-budget")
    #expect(ledger.state.allBudgets.isEmpty)
  }

  @Test("is read back as it was written")
  func roundTrip() throws {
    var ledger = ledger()
    ledger.configure("mix", .shares(["cheap": "0.8"], from: "10", window: "month"))
    ledger.configure(
      "tpm", .object(["kind": .text("tokens_per_minute"), "scope": .text("user/*"), "tokens": .integer(7)]))
    for budget in ledger.state.allBudgets {
      #expect(
        Budget(budget.json, number: budget.number, position: budget.position, createdAt: budget.createdAt) == budget)
    }
    #expect(try ControlState(snapshot: ledger.state.snapshot()).allBudgets == ledger.state.allBudgets)
  }
}
