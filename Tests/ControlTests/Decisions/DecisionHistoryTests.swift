import Control
import Domain
import Testing

/// Random configurations and requests, decided by the ledger and by a second, simple reading of the rules.
@Suite("Random decisions")
struct DecisionHistoryTests {
  private static let names = ["m0", "m1", "m2", "m3", "m4"]

  /// What there is, as plain sets and lists.
  struct Oracle {
    var routes: [String: (models: [String], enabled: Bool, high: Bool, suites: [String])] = [:]
    var enabled: Set<String> = []
    var known: Set<String> = []
    var humansOnly: Set<String> = []
    var passed: Set<String> = []
    var stopped: Set<String> = []
    var pins: [String: (model: String, at: Timestamp)] = [:]
    var defaultModel: String?
    var agentsAsk = false

    /// The outcome with the model or code, and every candidate with its fate.
    mutating func decide(
      _ operation: String, asked: String?, session: String?, user: String?, kind: ActorKind, now: Timestamp
    ) -> [String] {
      for scope in ["global", "operation/\(operation)"] + (user.map { ["user/t-\($0)"] } ?? [])
      where stopped.contains(scope) { return ["denied kill_switch_active"] }
      guard let route = routes[operation] else { return ["denied unknown_operation"] }
      if !route.enabled { return ["denied operation_disabled"] }
      let mayAsk = kind != .agent || agentsAsk
      let pin = session.flatMap { pins[$0] }.flatMap {
        now.microseconds - $0.at.microseconds < 86_400_000_000 ? $0.model : nil
      }
      var list: [String] = []
      for name in [mayAsk ? asked : nil, pin] + route.models + [defaultModel] {
        if let name, !list.contains(name) { list.append(name) }
      }
      var fates = list.map { fate($0, operation, route.suites, kind) }
      if !mayAsk, let asked, !list.contains(asked) {
        list.insert(asked, at: 0)
        fates.insert("not_allowed", at: 0)
      }
      if route.high { fates = fates.map { $0 == "passes" ? "approval_required" : $0 } }
      guard let winner = fates.firstIndex(of: "passes") else {
        let isWaiting = fates.contains("approval_required")
        return [isWaiting ? "needs_approval approval_required" : "denied \(fates[0])"]
          + zip(list, fates).map { "\($0) \($1)" }
      }
      if let session { pins[session] = (pin ?? list[winner], now) }
      fates = fates.map { $0 == "passes" ? "fallback" : $0 }
      fates[winner] = "chosen"
      return ["allowed \(list[winner])"] + zip(list, fates).map { "\($0) \($1)" }
    }

    private func fate(_ name: String, _ operation: String, _ suites: [String], _ kind: ActorKind) -> String {
      if stopped.contains("model/\(name)") { return "kill_switch_active" }
      if !known.contains(name) || !enabled.contains(name) { return "model_disabled" }
      if humansOnly.contains(name) && kind != .human { return "not_allowed" }
      for suite in suites where !passed.contains("\(operation) \(name) \(suite)") { return "evaluation_missing" }
      return "passes"
    }
  }

  private func step(_ ledger: inout RoutingLedger, _ oracle: inout Oracle, _ random: inout SeededGenerator) throws {
    let name = Self.names.randomElement(using: &random)!
    let operation = ["a", "b", "c"].randomElement(using: &random)!
    ledger.now = ledger.now.advanced(bySeconds: Int64.random(in: 0...20_000, using: &random))
    switch Int.random(in: 0..<14, using: &random) {
    case 0:
      let models = Array(Self.names.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random)))
      let suites = Bool.random(using: &random) ? [] : ["s"]
      let isEnabled = Int.random(in: 0..<5, using: &random) > 0
      let isHigh = Int.random(in: 0..<4, using: &random) == 0
      try ledger.route(
        operation, models,
        [
          "enabled": .boolean(isEnabled), "criticality": .text(isHigh ? "HIGH" : "MEDIUM"),
          "required_evaluations": .array(suites.map(JSON.text)),
        ])
      oracle.routes[operation] = (models, isEnabled, isHigh, suites)
    case 1:
      let isEnabled = Int.random(in: 0..<4, using: &random) > 0
      let isForHumans = Int.random(in: 0..<4, using: &random) == 0
      try ledger.model(
        name, ["enabled": .boolean(isEnabled), "allowed_kinds": .array(isForHumans ? [.text("human")] : [])])
      oracle.known.insert(name)
      if isEnabled { oracle.enabled.insert(name) } else { oracle.enabled.remove(name) }
      if isForHumans { oracle.humansOnly.insert(name) } else { oracle.humansOnly.remove(name) }
    case 2:
      let hasPassed = Int.random(in: 0..<4, using: &random) > 0
      try ledger.ledger.run(
        .recordEvaluation(
          .object([
            "operation": .text(operation), "model": .text(name), "suite": .text("s"), "passed": .boolean(hasPassed),
          ])), by: .key("ann"))
      if hasPassed {
        oracle.passed.insert("\(operation) \(name) s")
      } else {
        oracle.passed.remove("\(operation) \(name) s")
      }
    case 3:
      let scope = ["global", "operation/\(operation)", "user/t-u", "model/\(name)"].randomElement(using: &random)!
      if oracle.stopped.remove(scope) != nil {
        try ledger.ledger.run(
          .deactivateKillSwitch(scope: ExactText(scope), reason: "r", triggeredBy: "api"), by: .key("ann"))
      } else if scope != "global" || Int.random(in: 0..<4, using: &random) == 0 {
        try ledger.stop(scope)
        oracle.stopped.insert(scope)
      }
    case 4:
      oracle.defaultModel = Bool.random(using: &random) ? name : nil
      try ledger.policy(oracle.defaultModel.map { ["default_model": .text($0)] } ?? [:])
      oracle.agentsAsk.toggle()
      try ledger.toggle("helix_can_change_models", on: oracle.agentsAsk)
    default: try decide(operation, name, &ledger, &oracle, &random)
    }
  }

  private func decide(
    _ operation: String, _ name: String, _ ledger: inout RoutingLedger, _ oracle: inout Oracle,
    _ random: inout SeededGenerator
  ) throws {
    let asked = Int.random(in: 0..<3, using: &random) == 0 ? name : nil
    let session = Bool.random(using: &random) ? ["s1", "s2"].randomElement(using: &random) : nil
    let user = Bool.random(using: &random) ? "u" : nil
    let kind = [ActorKind.human, .service, .agent].randomElement(using: &random)!
    let expected = oracle.decide(
      operation, asked: asked, session: session, user: user, kind: kind, now: ledger.now)
    var request: [String: JSON] = ["operation": .text(operation)]
    request["model"] = asked.map(JSON.text)
    request["session"] = session.map(JSON.text)
    request["user"] = user.map(JSON.text)
    let decision = try ledger.decide(request, by: .key("ann", kind))
    let found =
      ["\(decision.outcome) \(decision.model ?? decision.reasons.first ?? "")"]
      + decision.candidates.map { candidate in
        let words = candidate.split(separator: " ")
        return "\(words[0]) \(words[2])"
      }
    #expect(found == expected)
  }

  @Test("are those of a second reading of the rules", arguments: 1...120)
  func agreeWithTheOracle(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var ledger = try RoutingLedger(models: [])
    var oracle = Oracle()
    for name in Self.names.dropLast() {
      try ledger.model(name)
      oracle.known.insert(name)
      oracle.enabled.insert(name)
    }
    for _ in 0..<60 { try step(&ledger, &oracle, &random) }
  }

  @Test(
    "are made again from the log alone, and leave the same state behind, dropped batches or not", arguments: 1...6)
  func replays(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var ledger = try RoutingLedger(models: Self.names)
    var oracle = Oracle(enabled: Set(Self.names), known: Set(Self.names))
    for _ in 0..<25 {
      try step(&ledger, &oracle, &random)
      ledger.complete(Self.names[0], "error")
    }
    var state = ControlState(ledger: "main")
    for event in ledger.ledger.log {
      let before = state.snapshot()
      if event.typeVersion == 2 {
        #expect(state.differences(inDecision: event, zone: .utc, digest: TestLedger.digest) == [])
      }
      state.apply(event)
      state.drop()
      #expect(state.snapshot() == before)
      state = try ControlState(snapshot: before)
      state.apply(event)
      state.merge()
    }
    #expect(state.snapshot() == ledger.state.snapshot())
  }
}
