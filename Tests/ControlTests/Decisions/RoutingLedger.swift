import Control
import Domain
import Testing

/// A ledger in memory with routes and models, which decides and takes completions in as the writer does.
struct RoutingLedger {
  var ledger = TestLedger()
  private var count = 0

  var state: ControlState { ledger.state }
  var now: Timestamp {
    get { ledger.now }
    set { ledger.now = newValue }
  }

  /// Prices of 1 USD a token of input and 2 of output, for every model, so that costs are read at a glance.
  init(models: [String] = ["m1", "m2", "m3"], prices: Bool = true) throws {
    for name in models {
      try model(name)
      guard prices else { continue }
      try ledger.run(
        .listPrices([listedPrice(name, "input_tokens", "1", per: 1), listedPrice(name, "output_tokens", "2", per: 1)]
        ), by: .system)
    }
  }

  /// Opens the ledger: from here on, what loosens needs a second human.
  mutating func open(tiers: Tiers = Tiers()) throws {
    let body = JSON.object([
      "name": .text("main"), "time_zone": .text("UTC"), "reporting_currency": .text("USD"), "tiers": tiers.json,
    ])
    try ledger.run(.openLedger(body, prices: []), by: .system)
  }

  mutating func change(
    _ operation: Change.Operation, _ subject: String, _ body: JSON, by principal: Principal = .system
  ) throws -> [PlannedEvent] {
    try ledger.run(
      .change(Change(operation: operation, subject: subject, body: body), terms: nil, breakGlass: nil), by: principal)
  }

  mutating func model(_ name: String, _ members: [String: JSON] = [:]) throws {
    _ = try change(.configureModel, "model/\(name)", .model(name, members))
  }

  mutating func route(_ operation: String = "op", _ models: [String] = ["m1"], _ members: [String: JSON] = [:]) throws
  {
    _ = try change(.configureRoute, "route/\(operation)", .route(operation, models, members))
  }

  mutating func toggle(_ name: String, on: Bool, locked: Bool = false) throws {
    _ = try change(.changeToggle, "toggle/\(name)", .toggle(name, on: on, locked: locked))
  }

  mutating func policy(_ members: [String: JSON]) throws {
    _ = try change(.configurePolicy, "policy/control", .policy(members))
  }

  mutating func policyWithoutCoolDown() throws {
    var body = JSON.policy([:])
    body["cool_down"] = nil
    _ = try change(.configurePolicy, "policy/control", body)
  }

  mutating func budget(_ id: String, _ members: [String: JSON]) throws {
    let body: [ExactText: JSON] = [
      "budget": .text(id), "kind": .text("spend"), "window": .text("day"), "scope": .text("ledger"),
      "hard": .boolean(true), "enabled": .boolean(true),
    ]
    let named = Dictionary(uniqueKeysWithValues: members.map { (ExactText($0), $1) })
    _ = try change(.configureBudget, "budget/\(id)", .object(body.merging(named) { _, given in given }))
  }

  mutating func stop(_ scope: String) throws {
    try ledger.run(.activateKillSwitch(scope: ExactText(scope), reason: "r", triggeredBy: "api"), by: .key("ann"))
  }

  /// Decides a call; a user `u` and a session `s` are known by the tokens `t-u` and `t-s`.
  @discardableResult
  mutating func decide(
    _ members: [String: JSON] = [:], by principal: Principal = .key("ann", .service)
  ) throws -> Decision {
    count += 1
    ledger.record(state.due(at: now), by: .system)
    let body = JSON.request("call-\(count)", members)
    let planned = try state.decide(.decide(body), context(principal, members))
    ledger.record(planned, by: principal)
    ledger.record(state.consequences(at: now), by: .system)
    return Decision(planned)
  }

  func context(_ principal: Principal, _ members: [String: JSON]) -> CommandContext {
    var context = ledger.context(principal)
    context.freshID = "asked-\(count)"
    for person in ["user", "session"] { context.tokens[person] = members[person]?.string.map { "t-\($0)" } }
    return context
  }

  /// Takes a completion in, and writes what follows from it.
  mutating func complete(_ model: String, _ status: String, agoInSeconds ago: Int64 = 0) {
    let data = JSON.object([
      "operation": .text("op"), "model": .text(model), "provider": .text("p"), "attempt": .integer(1),
      "status": .text(status), "usage": .object([ExactText: JSON]()), "usage_source": .text("absent"),
      "latency_ms": .integer(1),
    ])
    ledger.take(
      AppliedEvent(
        position: state.position + 1, type: "completion.recorded", typeVersion: 1, subject: "call/x", sequence: 1,
        occurredAt: now.advanced(bySeconds: -ago), recordedAt: now, actor: "k", actorKind: .service, data: data,
        derived: .object(["unpriced": .boolean(true)])))
    ledger.record(state.consequences(at: now), by: .system)
  }
}

/// What a decision's events say.
struct Decision {
  var events: [PlannedEvent]
  private var derived: JSON { events[0].derived ?? .null }

  init(_ events: [PlannedEvent]) { self.events = events }

  var outcome: String { derived["outcome"]?.string ?? "" }
  var model: String? { events[0].data["model"]?.string }
  var reasons: [String] { (derived["reasons"]?.elements ?? []).compactMap(\.string) }
  var fallbacks: [String] { (derived["fallbacks"]?.elements ?? []).compactMap { $0["model"]?.string } }
  var approval: String? { derived["approval"]?.string }
  var rationale: String { derived["rationale"]?.string ?? "" }
  var retryAfter: Int64? { derived["retry_after_ms"]?.integer }
  var estimate: JSON? { derived["estimate"] }
  var reservations: [JSON] { derived["reservations"]?.elements ?? [] }
  var reliance: JSON { derived["relied_on"] ?? .null }
  /// `model origin fate`, in order.
  var candidates: [String] {
    (derived["candidates"]?.elements ?? []).map { candidate in
      ["model", "origin", "fate"].map { candidate[$0]?.string ?? "?" }.joined(separator: " ")
    }
  }
}

extension JSON {
  private static func object(_ members: [ExactText: JSON], _ more: [String: JSON]) -> JSON {
    .object(members.merging(more.map { (ExactText($0.key), $0.value) }) { _, given in given })
  }

  static func request(_ id: String, _ members: [String: JSON]) -> JSON {
    object(["id": .text(id), "operation": .text("op")], members)
  }

  static func route(_ operation: String, _ models: [String], _ members: [String: JSON] = [:]) -> JSON {
    object(
      [
        "operation": .text(operation), "name": .text(operation), "primary": .text(models[0]),
        "fallbacks": .array(models.dropFirst().map(JSON.text)), "enabled": .boolean(true),
        "criticality": .text("LOW"),
      ], members)
  }

  static func model(_ name: String, _ members: [String: JSON] = [:]) -> JSON {
    object(
      [
        "model": .text(name), "provider": .text("p"), "platform_enabled": .boolean(true), "enabled": .boolean(true),
        "max_input_tokens": .integer(10), "max_output_tokens": .integer(10),
      ], members)
  }

  static func toggle(_ name: String, on: Bool, locked: Bool, control: String = "both") -> JSON {
    object(
      [
        "toggle": .text(name), "enabled": .boolean(on), "locked": .boolean(locked), "controlled_by": .text(control),
      ], [:])
  }

  static func policy(_ members: [String: JSON]) -> JSON {
    object(
      [
        "session_idle_s": .integer(86_400), "reservation_life_s": .integer(900),
        "refuses_unknown_price": .boolean(false),
        "cool_down": .object(["failures": .integer(5), "window_s": .integer(60), "duration_s": .integer(60)]),
      ], members)
  }
}
