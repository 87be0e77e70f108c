import Domain
import Synchronization
import TestKit
import Testing

@testable import DaybookClient

/// Changes of the configuration as they go over the wire, and what comes back.
@Suite struct ConfigurationTests {
  private static func answer(_ more: String) -> String {
    #"{"ledger":"main","events":[],"head":{"position":4,"root":"aa"},\#(more)}"#
  }

  @Test("a change names its terms beside the configuration, and says whether it holds")
  func changes() async throws {
    let replies = Mutex([
      ServedReply.answer(200, body: Self.answer(#""outcome":"applied""#)),
      .answer(
        202, body: Self.answer(#""outcome":"approval_requested","approval":{"approval":"ap-1","risk":"high"}"#)),
      .answer(200, body: Self.answer(#""outcome":"maybe""#)),
    ])
    let server = LocalServer { _ in replies.withLock { $0.removeFirst() } }
    let daybook = try Daybook(url: server.url, key: "k")
    let route = RouteConfiguration(
      "chat message", name: "Chat", primary: "a", fallbacks: ["b"], criticality: .high,
      requiredEvaluations: ["suite"],
      maximumOutputTokens: 900)
    #expect(try await daybook.configureRoute(route).outcome == .applied)
    let budget = BudgetConfiguration(
      "team-day", scope: "team/*", limit: .spend(Money(Amount(whole: 50), Currency("USD")!), window: .day),
      isHard: true,
      thresholds: [Amount(whole: 25)])
    let terms = ChangeTerms(sequence: 3, reasonCode: "growth", risk: .high, breakGlass: "at night")
    #expect(try await daybook.configureBudget(budget, terms: terms).outcome == .approvalRequested("ap-1"))
    await #expect(throws: DaybookError.self) {
      try await daybook.configureModel(ModelConfiguration("vendor/x", provider: "p"))
    }
    let requests = server.requests
    #expect(requests.map(\.method) == ["PUT", "PUT", "PUT"])
    #expect(
      requests.map(\.path)
        == ["routes/chat%20message", "budgets/team-day", "models"].map { "/v1/ledgers/main/\($0)" })
    #expect(
      try JSON(parsing: requests[0].body)
        == .object([
          "name": .text("Chat"), "primary": .text("a"), "fallbacks": .array([.text("b")]), "enabled": .boolean(true),
          "criticality": .text("HIGH"), "required_evaluations": .array([.text("suite")]),
          "max_output_tokens": .integer(900),
        ]))
    #expect(
      try JSON(parsing: requests[1].body)
        == .object([
          "kind": .text("spend"), "scope": .text("team/*"), "window": .text("day"), "hard": .boolean(true),
          "enabled": .boolean(true), "thresholds": .array([.text("25")]), "sequence": .integer(3),
          "limit": .object(["amount": .text("50"), "currency": .text("USD")]),
          "approval": .object(["reason_code": .text("growth"), "risk": .text("high")]),
          "break_glass": .object(["reason": .text("at night")]),
        ]))
  }

  @Test("a command that waits for a second human says for which approval")
  func commands() async throws {
    let body = Self.answer(#""outcome":"approval_requested","approval":{"approval":"ap-2"}"#)
    let server = LocalServer { _ in .answer(202, body: body) }
    let daybook = try Daybook(url: server.url, key: "k")
    #expect(try await daybook.deactivateKillSwitch("global", reason: "over").requestedApproval == "ap-2")
    #expect(
      try JSON(parsing: server.requests[0].body) == .object(["scope": .text("global"), "reason": .text("over")]))
    let toggles = LocalServer { _ in .answer(200, body: Self.answer(#""outcome":"refused","reason":"off""#)) }
    #expect(try await Daybook(url: toggles.url, key: "k").enforceToggle("helix_autonomy_enabled") == false)
  }
}
