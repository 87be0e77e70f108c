import Control
import Domain
import Testing

/// An open ledger with something of everything that can be loosened, whose changes wait for second owners.
struct ChangeLedger {
  var routing: RoutingLedger

  var state: ControlState { routing.state }
  var now: Timestamp {
    get { routing.now }
    set { routing.now = newValue }
  }

  /// Two models, a LOW route `op` and a HIGH one `high`, a locked toggle, a budget, and a stopped model.
  init() throws {
    routing = try RoutingLedger(models: ["m1", "m2"])
    try routing.route("op", ["m1"])
    try routing.route("high", ["m1"], ["criticality": .text("HIGH")])
    try routing.toggle("helix_can_recommend_optimizations", on: false)
    try routing.budget("b", ["limit": Self.dollars("1000")])
    try routing.open()
    try routing.stop("model/m1")
  }

  static func dollars(_ amount: String) -> JSON {
    .object(["amount": .text(amount), "currency": .text("USD")])
  }

  static let evidence = JSON.array([.object(["kind": .text("note"), "title": .text("why")])])
  static let terms = ApprovalTerms(.object(["evidence": evidence, "reason_code": .text("test")]))

  /// Asks for a change, and gives the approval that it waits for; nil where it was made at once.
  mutating func ask(
    _ change: Change, by principal: Principal = .key("ann"), terms: ApprovalTerms? = terms
  ) throws -> String? {
    let planned = try routing.ledger.run(.change(change, terms: terms, breakGlass: nil), by: principal)
    guard let request = planned.first, request.type == "approval.requested" else { return nil }
    return String(request.subject.dropFirst("approval/".count))
  }

  /// Asks for a change that must wait.
  mutating func asked(_ change: Change, by principal: Principal = .key("ann")) throws -> String {
    let id = try ask(change, by: principal)
    return try #require(id)
  }

  mutating func refusal(_ command: Command, by principal: Principal) -> String? {
    routing.ledger.refusal(command, by: principal)
  }

  mutating func refusal(
    _ change: Change, breakGlass: String? = nil, by principal: Principal = .key("ann")
  ) -> String? {
    refusal(.change(change, terms: Self.terms, breakGlass: breakGlass), by: principal)
  }

  mutating func grant(_ id: String, by principal: Principal) -> String? {
    refusal(.grantApproval(id: id, reason: "seen"), by: principal)
  }

  /// The types of the events that the last command caused.
  mutating func types(_ command: Command, by principal: Principal) throws -> [String] {
    try routing.ledger.run(command, by: principal).map(\.type)
  }
}

extension Change {
  /// The route `op` served by other models.
  static func route(_ models: [String], _ members: [String: JSON] = [:]) -> Change {
    Change(operation: .configureRoute, subject: "route/op", body: .route("op", models, members))
  }

  static func deactivation(_ scope: String) -> Change {
    Change(
      operation: .deactivateKillSwitch, subject: "kill-switch/\(scope)",
      body: .object(["scope": .text(scope), "reason": .text("over"), "triggered_by": .text("api")]))
  }

  static func standing(_ operation: String = "high", ceiling: String = "100", ends: String = "2026-04-01T00:00:00Z")
    -> Change
  {
    Change(
      operation: .grantStanding, subject: "route/\(operation)",
      body: .object([
        "operation": .text(operation), "ceiling": ChangeLedger.dollars(ceiling), "ends": .text(ends),
      ]))
  }
}
