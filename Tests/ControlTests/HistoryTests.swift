import Control
import Domain
import Testing

@Suite("Random histories")
struct HistoryTests {
  /// What should be true, kept without any of the state's own structures.
  struct Oracle {
    struct Request {
      var owner: String
      var quorum: Int
      var expires: Timestamp
      var state = "requested"
      var granters: Set<String> = []
    }
    var requests: [String: Request] = [:]
    var scopes: Set<String> = []
    var keys: [String: Bool] = [:]
    var prices = 0

    mutating func expire(_ now: Timestamp) {
      for (id, request) in requests where ["requested", "granted"].contains(request.state) && request.expires <= now {
        requests[id]?.state = "expired"
      }
    }
  }

  private static let owners = ["ann", "ben", "cid"]
  private static let kinds: [ActorKind] = [.human, .human, .service, .agent]

  /// Runs a random command through the ledger and tells the oracle; checks that both say the same.
  private func step(_ ledger: inout TestLedger, _ oracle: inout Oracle, _ random: inout SeededGenerator) throws {
    let owner = Self.owners.randomElement(using: &random)!
    let principal = Principal.key(owner, Self.kinds.randomElement(using: &random)!)
    if Int.random(in: 0..<4, using: &random) == 0 { ledger.advance(hours: Int64.random(in: 0...9, using: &random)) }
    oracle.expire(ledger.now)
    switch Int.random(in: 0..<8, using: &random) {
    case 0, 1:
      let risk = ["low", "medium", "high"].randomElement(using: &random)!
      let planned = try ledger.run(.requestApproval(approvalRequest(risk: risk)), by: principal)
      let hours: Int64 = risk == "low" ? 72 : risk == "medium" ? 24 : 4
      oracle.requests[String(planned[0].subject.dropFirst(9))] = Oracle.Request(
        owner: owner, quorum: risk == "high" ? 2 : 1,
        expires: Timestamp(microseconds: ledger.now.microseconds + hours * 3_600_000_000))
    case 2, 3, 4: decideApproval(&ledger, &oracle, principal, &random)
    case 5: killSwitch(&ledger, &oracle, principal, &random)
    case 6:
      let id = "k\(Int.random(in: 0..<6, using: &random))"
      let accepted =
        Bool.random(using: &random)
        ? issue(id, &ledger, &oracle, principal) : revoke(id, &ledger, &oracle, principal)
      #expect(accepted)
    default:
      let refusal = ledger.refusal(.listPrices([listedPrice("m", "input_tokens", "1")]), by: principal)
      #expect((refusal == nil) == (principal.kind != .agent))
      if refusal == nil { oracle.prices += 1 }
    }
  }

  private func decideApproval(
    _ ledger: inout TestLedger, _ oracle: inout Oracle, _ principal: Principal, _ random: inout SeededGenerator
  ) {
    guard let id = oracle.requests.keys.sorted().randomElement(using: &random) else { return }
    var request = oracle.requests[id]!
    let isOpen = request.state == "requested"
    let command: Command
    let allowed: Bool
    switch Int.random(in: 0..<5, using: &random) {
    case 0, 1:
      command = .grantApproval(id: id, reason: "r")
      allowed =
        principal.kind == .human && isOpen && request.owner != principal.owner
        && !request.granters.contains(principal.owner)
      request.granters.insert(principal.owner)
      if request.granters.count == request.quorum { request.state = "granted" }
    case 2:
      command = .rejectApproval(id: id, reason: "r")
      allowed = principal.kind == .human && isOpen && request.owner != principal.owner
      request.state = "rejected"
    case 3:
      command = .revokeApproval(id: id, reason: "r")
      allowed = principal.kind == .human && request.state == "granted"
      request.state = "revoked"
    default:
      command = .withdrawApproval(id: id, reason: "r")
      allowed = isOpen && request.owner == principal.owner
      request.state = "withdrawn"
    }
    #expect((ledger.refusal(command, by: principal) == nil) == allowed)
    if allowed { oracle.requests[id] = request }
  }

  private func killSwitch(
    _ ledger: inout TestLedger, _ oracle: inout Oracle, _ principal: Principal, _ random: inout SeededGenerator
  ) {
    let scope = ["global", "model/m", "team/t"].randomElement(using: &random)!
    if Bool.random(using: &random) {
      let command = Command.activateKillSwitch(scope: ExactText(scope), reason: "r", triggeredBy: "api")
      #expect((ledger.refusal(command, by: principal) == nil) == !oracle.scopes.contains(scope))
      oracle.scopes.insert(scope)
    } else {
      let command = Command.deactivateKillSwitch(scope: ExactText(scope), reason: "r", triggeredBy: "api")
      let allowed = principal.kind == .human && oracle.scopes.contains(scope)
      #expect((ledger.refusal(command, by: principal) == nil) == allowed)
      if allowed { oracle.scopes.remove(scope) }
    }
  }

  private func issue(
    _ id: String, _ ledger: inout TestLedger, _ oracle: inout Oracle, _ principal: Principal
  ) -> Bool {
    let body = JSON.object([
      "key": .text(id), "kind": .text("agent"), "owner": .text("ann"), "roles": .array([.text("agent")]),
      "ledgers": .array([.text("main")]), "secret_sha256": .text(String(repeating: "0", count: 64)),
    ])
    let allowed = principal.kind == .human && oracle.keys[id] == nil
    let isRight = (ledger.refusal(.issueKey(body), by: principal) == nil) == allowed
    if allowed { oracle.keys[id] = true }
    return isRight
  }

  private func revoke(
    _ id: String, _ ledger: inout TestLedger, _ oracle: inout Oracle, _ principal: Principal
  ) -> Bool {
    let allowed = principal.kind == .human && oracle.keys[id] == true
    let isRight = (ledger.refusal(.revokeKey(id: id, reason: "r"), by: principal) == nil) == allowed
    if allowed { oracle.keys[id] = false }
    return isRight
  }

  private func check(_ state: ControlState, _ oracle: Oracle) {
    for (id, request) in oracle.requests where request.state != "expired" {
      #expect(state.approval(id)?.state.rawValue == request.state)
      #expect(Set(state.approval(id)?.grants.map(\.owner) ?? []) == request.granters)
    }
    #expect(Set(state.activeKillSwitches.map(\.scope.string)) == oracle.scopes)
    #expect(state.prices.all.count == oracle.prices)
    for (id, isValid) in oracle.keys { #expect(state.key(id)?.isRevoked == !isValid) }
    #expect(state.allKeys.count == oracle.keys.count)
  }

  @Test("agree with a simple oracle", arguments: 1...60)
  func agreeWithTheOracle(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var ledger = try TestLedger.withOwners()
    var oracle = Oracle()
    for _ in 0..<80 {
      try step(&ledger, &oracle, &random)
      check(ledger.state, oracle)
    }
  }

  @Test(
    "give the same state from nothing, from a snapshot at any position, and after dropped batches", arguments: 1...8)
  func foldsAreEqual(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var ledger = try TestLedger.withOwners()
    var oracle = Oracle()
    for _ in 0..<60 { try step(&ledger, &oracle, &random) }

    var whole = ControlState(ledger: "system")
    for event in ledger.log { whole.apply(event) }
    whole.merge()
    #expect(whole.snapshot() == ledger.state.snapshot())

    var prefix = ControlState(ledger: "system")
    for (index, event) in ledger.log.enumerated() {
      let before = prefix.snapshot()
      for later in ledger.log[index...].prefix(Int.random(in: 1...5, using: &random)) { prefix.apply(later) }
      #expect(prefix.snapshot() == before)
      prefix.drop()
      #expect(prefix.snapshot() == before)
      #expect(prefix.position == Int64(index))

      var restored = try ControlState(snapshot: before)
      #expect(restored.snapshot() == before)
      for later in ledger.log[index...] { restored.apply(later) }
      restored.merge()
      #expect(restored.snapshot() == whole.snapshot())
      #expect(restored.due(at: ledger.now) == whole.due(at: ledger.now))

      prefix.apply(event)
      prefix.merge()
    }
  }

  @Test("of unknown types only move the position")
  func unknownTypes() {
    var state = ControlState(ledger: "main")
    let event = AppliedEvent(
      position: 9, type: "x.own", typeVersion: 3, subject: "anything", sequence: 1,
      occurredAt: TestLedger.start, recordedAt: TestLedger.start, actor: "k", actorKind: .human, data: .null,
      derived: nil)
    state.apply(event)
    state.advance(to: 12)
    state.merge()
    var expected = ControlState(ledger: "main")
    expected.advance(to: 12)
    expected.merge()
    #expect(state.snapshot() == expected.snapshot())
  }

  @Test("a snapshot that is none is refused", arguments: ["", "{}", #"{"form":2}"#, #"{"form":1,"ledger":"main"}"#])
  func brokenSnapshots(text: String) {
    #expect(throws: SnapshotFault.self) { try ControlState(snapshot: Array(text.utf8)) }
  }
}
