import DaybookClient
import Domain
import Testing

/// The client's typed calls for configuration, against the real interface: what they send is taken, what comes is read.
@Suite(.timeLimit(.minutes(10)))
struct TypedCallTests {
  @Test func configurationIsWrittenAndRead() async throws {
    try await withInterface { interface in
      let admin = try Daybook(url: "http://127.0.0.1:\(interface.port)", key: interface.admin)
      let operations = try await interface.issueKey(kind: "human", roles: ["operator", "service", "approver"])
      let operating = try Daybook(url: "http://127.0.0.1:\(interface.port)", key: operations.text)
      let model = ModelConfiguration(
        "vendor/swift", provider: "acme", aliases: ["swift"], tier: "cheap", allowedKinds: [.service, .human],
        maximumInputTokens: 9_000, maximumOutputTokens: 900)
      #expect(try await admin.configureModel(model).outcome == .applied)
      let route = RouteConfiguration(
        "chat", name: "Chat", primary: "vendor/swift", criticality: .low, maximumOutputTokens: 500)
      #expect(try await admin.configureRoute(route).outcome == .applied)
      #expect(try await admin.models().rows.first?["aliases"]?.elements == [.text("swift")])
      let made = try #require(try await admin.routes().rows.first)
      #expect(made["operation"]?.string == "chat" && made["sequence"]?.integer == 1)
      try await Self.budgets(admin)
      try await Self.loosening(admin, route)
      try await Self.decisions(operating)
      try await Self.recommendations(operating, route)
    }
  }

  private static func budgets(_ admin: Daybook) async throws {
    let dollar = try #require(Currency("USD"))
    let shares = ["cheap": try #require(Amount("0.8")), "strong": try #require(Amount("0.05"))]
    for budget in [
      BudgetConfiguration(
        "day", scope: "ledger", limit: .spend(Money(Amount(whole: 50), dollar), window: .day), isHard: true,
        thresholds: [Amount(whole: 25)], worstCase: Amount(whole: 1), note: "for all"),
      BudgetConfiguration("rate", scope: "operation/*", limit: .tokensPerMinute(8_000), isHard: true),
      BudgetConfiguration(
        "tiers", scope: "ledger",
        limit: .tierShare(shares, window: .month, judgedFrom: Money(Amount(whole: 10), dollar)), isHard: false),
    ] {
      #expect(try await admin.configureBudget(budget).outcome == .applied, "\(budget.budget)")
    }
    #expect(try await admin.budgets().rows.count == 3)
    #expect(try await admin.budget("day")["budget"]?["hard"] == .boolean(true))
  }

  private static func loosening(_ admin: Daybook, _ route: RouteConfiguration) async throws {
    var stopped = route
    stopped.isEnabled = false
    #expect(try await admin.configureRoute(stopped).outcome == .applied)
    let terms = ChangeTerms(
      sequence: 2, reasonCode: "ready-again",
      evidence: [.object(["kind": .text("run"), "title": .text("Nightly"), "text": .text("passed")])])
    guard case .approvalRequested(let approval) = try await admin.configureRoute(route, terms: terms).outcome else {
      Issue.record("what loosens was applied by one person")
      return
    }
    #expect(try await admin.approvals().rows.contains { $0["approval"]?.string == approval })
    try await admin.withdrawApproval(approval, reason: "alone today")
    let broken = ChangeTerms(breakGlass: "nobody else is there")
    #expect(try await admin.configureRoute(route, terms: broken).outcome == .applied)
    #expect(try await admin.unreviewedChanges().rows.count == 1)
    try await admin.changeToggle("helix_autonomy_enabled", isEnabled: false, isLocked: false, controlledBy: "user")
    #expect(try await admin.enforceToggle("helix_autonomy_enabled") == false)
    #expect(try await admin.toggles().rows.count == 1)
    #expect(try await admin.policy()["policy"] != nil)
    try await admin.activateKillSwitch("model/other", reason: "a drill")
    #expect(try await admin.deactivateKillSwitch("model/other", reason: "over").requestedApproval != nil)
  }

  private static func decisions(_ daybook: Daybook) async throws {
    try await daybook.recordEvaluation(
      operation: "chat", model: "vendor/swift", suite: "nightly", passed: true, score: Amount("0.93"))
    var request = DecisionRequest("chat", id: "d1", model: "swift", session: "s", user: "alice", team: "t")
    request.strategy = "growth"
    request.estimate = DecisionEstimate(Usage(inputTokens: 100, outputTokens: 50))
    let decision = try await daybook.decide(request)
    #expect(decision.outcome == .allowed && decision.model == "vendor/swift" && decision.provider == "acme")
    #expect(Set(decision.reservations.map(\.budget)).isSuperset(of: ["day"]))
    #expect(decision.candidates.first?.origin == "requested" && decision.recordedTime != nil && !decision.isDuplicate)
    #expect(try await daybook.decide(request).isDuplicate)
    #expect(try await daybook.decision("d1").position == decision.position)
    let unknown = try await daybook.decide(DecisionRequest("nothing", id: "d2"))
    #expect(unknown.outcome == .denied && unknown.reasons == ["unknown_operation"])
    let again = await #expect(throws: DaybookError.self) {
      try await daybook.decide(DecisionRequest("chat", id: "d1", team: "other"))
    }
    #expect(again?.problem == "identity-conflict")
  }

  private static func recommendations(_ daybook: Daybook, _ route: RouteConfiguration) async throws {
    var better = route
    better.maximumOutputTokens = 300
    var change = RecommendedChange("chat", .route(better), reasoning: "Answers are short.")
    change.confidence = Amount("0.7")
    change.estimatedSavings = Money(Amount(whole: 12), try #require(Currency("USD")))
    let made = try await daybook.recommend(change)
    let id = try #require(made.json["recommendation"]?.string)
    #expect(try await daybook.recommendations().rows.first?["recommendation"]?.string == id)
    try await daybook.dismissRecommendation(id, reason: "later")
    #expect(try await daybook.recommendations().rows.isEmpty)
  }
}
