import Control
import Domain
import Testing

/// What a change of routes, models, toggles and the policy puts at stake once a ledger is open.
@Suite("A change of what decisions go by")
struct StakeTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var says: String
    var operation: Change.Operation
    var subject: String
    var body: JSON
    /// `kind risk`; nil: free.
    var stake: String?
    /// What an agent is told; nil: it may.
    var agent: String?
    var testDescription: String { says }

    init(
      _ says: String, _ operation: Change.Operation, _ subject: String, _ body: JSON, _ stake: String? = nil,
      agent: String? = nil
    ) {
      self.says = says
      self.operation = operation
      self.subject = subject
      self.body = body
      self.stake = stake
      self.agent = agent ?? stake.map { _ in "403 agent-may-not-loosen" }
    }
  }

  /// The route `op`: HIGH, disabled, m1 then m2 and m3, one suite, 10 tokens; `low`: LOW, enabled. The model `m1`: disabled,
  /// for people; `m2`: enabled for nobody but ann. The toggles `off` and `locked`, which admins control, and `on`.
  private func ledger() throws -> RoutingLedger {
    var ledger = try RoutingLedger()
    try ledger.route("op", ["m1", "m2", "m3"], Self.high)
    try ledger.route("low", ["m1"])
    try ledger.model("m1", ["enabled": .boolean(false), "allowed_kinds": .array([.text("human")])])
    try ledger.model("m2", ["allowed_callers": .array([.text("owner/ann")]), "platform_enabled": .boolean(false)])
    try ledger.toggle("off", on: false)
    _ = try ledger.change(
      .changeToggle, "toggle/locked", .toggle("locked", on: false, locked: true, control: "admin_only"))
    try ledger.toggle("on", on: true)
    try ledger.policy([:])
    try ledger.open()
    return ledger
  }

  private static let high: [String: JSON] = [
    "criticality": .text("HIGH"), "enabled": .boolean(false), "max_output_tokens": .integer(10),
    "required_evaluations": .array([.text("safety")]),
  ]

  private static func high(_ models: [String] = ["m1", "m2", "m3"], _ members: [String: JSON] = [:]) -> JSON {
    .route("op", models, high.merging(members) { _, given in given })
  }

  private static func m1(_ members: [String: JSON]) -> JSON {
    .model(
      "m1",
      ["enabled": .boolean(false), "allowed_kinds": .array([.text("human")])].merging(members) { _, given in given })
  }

  private static func m2(_ members: [String: JSON]) -> JSON {
    .model(
      "m2",
      ["allowed_callers": .array([.text("owner/ann")]), "platform_enabled": .boolean(false)].merging(members) {
        _, given in given
      })
  }

  static let routes: [Case] = [
    Case("nothing", .configureRoute, "route/op", high()),
    Case("another name", .configureRoute, "route/op", high(["m1", "m2", "m3"], ["name": .text("other")])),
    Case("fewer fallbacks", .configureRoute, "route/op", high(["m1", "m3"])),
    Case("a fallback more", .configureRoute, "route/low", .route("low", ["m1", "m2"]), "model_switch low"),
    Case("another primary", .configureRoute, "route/low", .route("low", ["m2"]), "model_switch low"),
    Case("another primary of HIGH", .configureRoute, "route/op", high(["m2", "m3"]), "model_switch medium"),
    Case("other order of HIGH", .configureRoute, "route/op", high(["m1", "m3", "m2"]), "model_switch medium"),
    Case(
      "enabled", .configureRoute, "route/op", high(["m1", "m2", "m3"], ["enabled": .boolean(true)]), "loosening high"),
    Case("disabled", .configureRoute, "route/low", .route("low", ["m1"], ["enabled": .boolean(false)])),
    Case(
      "lower criticality", .configureRoute, "route/op", high(["m1", "m2", "m3"], ["criticality": .text("MEDIUM")]),
      "loosening high"),
    Case("higher criticality", .configureRoute, "route/low", .route("low", ["m1"], ["criticality": .text("HIGH")])),
    Case(
      "no evaluation", .configureRoute, "route/op", high(["m1", "m2", "m3"], ["required_evaluations": .array([])]),
      "loosening high"),
    Case(
      "an evaluation", .configureRoute, "route/low",
      .route("low", ["m1"], ["required_evaluations": .array([.text("safety")])])),
    Case(
      "less reserved", .configureRoute, "route/op", high(["m1", "m2", "m3"], ["max_output_tokens": .integer(9)]),
      "cost_increase medium"),
    Case(
      "more reserved", .configureRoute, "route/op", high(["m1", "m2", "m3"], ["max_output_tokens": .integer(11)])),
    Case(
      "enabled, with another primary", .configureRoute, "route/op", high(["m2"], ["enabled": .boolean(true)]),
      "loosening high"),
    Case("a new route", .configureRoute, "route/new", .route("new", ["m1"]), agent: "403 agent-may-not-loosen"),
    Case(
      "a new route that is off", .configureRoute, "route/new", .route("new", ["m1"], ["enabled": .boolean(false)])),
  ]

  static let models: [Case] = [
    Case("nothing", .configureModel, "model/m1", m1([:])),
    Case("enabled", .configureModel, "model/m1", m1(["enabled": .boolean(true)]), "loosening high"),
    Case("disabled", .configureModel, "model/m3", .model("m3", ["enabled": .boolean(false)])),
    Case("not offered", .configureModel, "model/m3", .model("m3", ["platform_enabled": .boolean(false)])),
    Case("offered", .configureModel, "model/m2", m2(["platform_enabled": .boolean(true)]), "loosening high"),
    Case("any kind", .configureModel, "model/m1", m1(["allowed_kinds": .array([])]), "loosening high"),
    Case(
      "another kind", .configureModel, "model/m1", m1(["allowed_kinds": .array([.text("agent")])]), "loosening high"),
    Case(
      "a caller more", .configureModel, "model/m2",
      m2(["allowed_callers": .array([.text("owner/ann"), .text("owner/ben")])]), "loosening high"),
    Case(
      "one caller only", .configureModel, "model/m3", .model("m3", ["allowed_callers": .array([.text("key/k")])])),
    Case(
      "another provider", .configureModel, "model/m3", .model("m3", ["provider": .text("q")]), "model_switch medium"),
    Case(
      "an alias", .configureModel, "model/m3", .model("m3", ["aliases": .array([.text("x")])]), "model_switch low"),
    Case("a tier", .configureModel, "model/m3", .model("m3", ["tier": .text("cheap")]), "model_switch low"),
    Case(
      "less reserved", .configureModel, "model/m3", .model("m3", ["max_output_tokens": .integer(1)]),
      "cost_increase medium"),
    Case("more reserved", .configureModel, "model/m3", .model("m3", ["max_input_tokens": .integer(11)])),
    Case("a new model", .configureModel, "model/new", .model("new"), agent: "403 agent-may-not-loosen"),
  ]

  static let toggles: [Case] = [
    Case("off", .changeToggle, "toggle/on", .toggle("on", on: false, locked: false)),
    Case("locked", .changeToggle, "toggle/on", .toggle("on", on: true, locked: true)),
    Case("on", .changeToggle, "toggle/off", .toggle("off", on: true, locked: false), "loosening high"),
    Case("new and on", .changeToggle, "toggle/new", .toggle("new", on: true, locked: false), "loosening high"),
    Case("new and off", .changeToggle, "toggle/new", .toggle("new", on: false, locked: true)),
    Case(
      "unlocked", .changeToggle, "toggle/locked", .toggle("locked", on: false, locked: false, control: "admin_only"),
      "loosening high"),
    Case(
      "left to others", .changeToggle, "toggle/locked", .toggle("locked", on: false, locked: true), "loosening high"),
  ]

  static let policies: [Case] = [
    Case("nothing", .configurePolicy, "policy/control", .policy([:])),
    Case(
      "a default", .configurePolicy, "policy/control", .policy(["default_model": .text("m1")]), "model_switch medium"),
    Case(
      "another tier", .configurePolicy, "policy/control", .policy(["tiers": .object(["mid": .text("m1")])]),
      "model_switch medium"),
    Case("refuse more", .configurePolicy, "policy/control", .policy(["refuses_unknown_price": .boolean(true)])),
    Case("keep longer", .configurePolicy, "policy/control", .policy(["reservation_life_s": .integer(901)])),
    Case(
      "end sooner", .configurePolicy, "policy/control", .policy(["reservation_life_s": .integer(899)]),
      "loosening high"),
    Case("rest sooner", .configurePolicy, "policy/control", .policy(["cool_down": rest(4, 61, 61)])),
    Case("rest later", .configurePolicy, "policy/control", .policy(["cool_down": rest(6, 60, 60)]), "loosening high"),
    Case("rest less", .configurePolicy, "policy/control", .policy(["cool_down": rest(5, 60, 59)]), "loosening high"),
  ]

  private static func rest(_ failures: Int64, _ window: Int64, _ duration: Int64) -> JSON {
    .object(["failures": .integer(failures), "window_s": .integer(window), "duration_s": .integer(duration)])
  }

  @Test("is free where it tightens, and needs a second human where it loosens", arguments: routes + models)
  func routing(example: Case) throws { try check(example) }

  @Test("of a toggle or the policy likewise", arguments: toggles + policies)
  func others(example: Case) throws { try check(example) }

  private func check(_ example: Case) throws {
    var ledger = try ledger()
    let change = Change(operation: example.operation, subject: example.subject, body: example.body)
    let before = ledger
    // With evidence, as what is of high risk needs some.
    let terms = ApprovalTerms(
      .object([
        "reason_code": .text("test"),
        "evidence": .array([.object(["kind": .text("note"), "title": .text("why")])]),
      ]))
    let planned = try ledger.ledger.run(.change(change, terms: terms, breakGlass: nil), by: .key("ann"))
    if let stake = example.stake {
      #expect(planned.map(\.type) == ["approval.requested"])
      #expect(
        "\(planned[0].data["kind"]?.string ?? "") \(planned[0].data["risk"]?.string ?? "")" == stake,
        "\(planned[0].derived?["why"]?.string ?? "")")
    } else {
      #expect(planned.map(\.subject) == [example.subject])
    }
    var agents = before
    let refusal = agents.ledger.refusal(.change(change, terms: terms, breakGlass: nil), by: .key("ann", .agent))
    #expect(refusal == example.agent)
  }

  @Test("is refused where it contradicts itself or what there is")
  func contradictions() throws {
    var ledger = try ledger()
    func refusal(_ operation: Change.Operation, _ subject: String, _ body: JSON, _ principal: Principal) -> String? {
      let change = Change(operation: operation, subject: subject, body: body)
      return ledger.ledger.refusal(.change(change, terms: nil, breakGlass: nil), by: principal)
    }
    let ann = Principal.key("ann")
    #expect(refusal(.configureRoute, "route/r", .route("r", ["m1", "m1"]), ann) == "422 model-repeated")
    let twice = JSON.array([.text("s"), .text("s")])
    #expect(
      refusal(.configureRoute, "route/r", .route("r", ["m1"], ["required_evaluations": twice]), ann)
        == "422 evaluation-repeated")
    #expect(
      refusal(.configureModel, "model/m", .model("m", ["aliases": .array([.text("m1")])]), ann) == "409 name-taken")
    #expect(
      refusal(.configureModel, "model/m", .model("m", ["aliases": .array([.text("m")])]), ann) == "422 alias-repeated"
    )
    #expect(
      refusal(.configureModel, "model/m", .model("m", ["allowed_callers": .array([.text("ann")])]), ann)
        == "422 invalid-caller")
    #expect(
      refusal(.changeToggle, "toggle/locked", .toggle("locked", on: true, locked: true, control: "admin_only"), ann)
        == "409 toggle-locked")
    var plain = ann
    plain.roles = [.operator]
    #expect(refusal(.configureModel, "model/m", .model("m"), plain) == "403 role-required")
    #expect(
      refusal(
        .changeToggle, "toggle/locked", .toggle("locked", on: false, locked: false, control: "admin_only"), plain)
        == "403 role-required")
    let stale = Change(operation: .configureRoute, subject: "route/op", sequence: 0, body: Self.high())
    #expect(ledger.ledger.refusal(.change(stale, terms: nil, breakGlass: nil), by: ann) == "409 subject-moved")
  }

  @Test("of a toggle decides whether it is passed; who may not is on record")
  func enforcement() throws {
    var ledger = try ledger()
    #expect(try ledger.ledger.run(.enforceToggle("on"), by: .key("ann", .agent)) == [])
    for (toggle, reason) in [("locked", "off and locked"), ("off", "the toggle is off"), ("none", "never set")] {
      for kind in [ActorKind.human, .service, .agent] {
        let planned = try ledger.ledger.run(.enforceToggle(toggle), by: .key("ann", kind))
        #expect(planned.map(\.type) == ["command.refused"])
        #expect(planned.first?.data["reason"]?.string?.contains(reason) == true)
        #expect(planned.first?.data["command"]?.string == "toggle/\(toggle)")
      }
    }
  }

  @Test("of a model's names does not free it from a kill switch on one of them")
  func stoppedName() throws {
    var ledger = try RoutingLedger(models: [])
    try ledger.model("m1", ["aliases": .array([.text("x"), .text("y")])])
    try ledger.route()
    try ledger.open()
    try ledger.stop("model/x")
    func names(_ names: [String]) -> Command {
      let body = JSON.model("m1", ["aliases": .array(names.map(JSON.text))])
      return .change(
        Change(operation: .configureModel, subject: "model/m1", body: body), terms: ChangeLedger.terms,
        breakGlass: nil)
    }
    #expect(ledger.ledger.refusal(names(["y"]), by: .key("ann", .agent)) == "403 agent-may-not-loosen")
    #expect(try ledger.ledger.run(names(["y"]), by: .key("ann")).map(\.type) == ["approval.requested"])
    #expect(try ledger.decide().reasons == ["kill_switch_active"])
    #expect(try ledger.ledger.run(names(["x"]), by: .key("ann", .agent)).map(\.type) == ["model.configured"])
  }

  @Test("that a ledger is opened with names no user, whom nothing knows by name")
  func openingNamesNobody() throws {
    var ledger = TestLedger()
    let budget = JSON.object([
      "budget": .text("b"), "scope": .text("user/zoe"), "window": .text("day"), "limit": ChangeLedger.dollars("1"),
    ])
    let opening = JSON.object([
      "name": .text("main"), "time_zone": .text("UTC"), "reporting_currency": .text("USD"),
    ])
    func open(_ body: JSON) -> Command {
      .openLedger(
        opening, prices: [], changes: [Change(operation: .configureBudget, subject: "budget/b", body: body)])
    }
    #expect(ledger.refusal(open(budget), by: .key("ann")) == "422 personal-in-change")
    var each = budget
    each["scope"] = .text("user/*")
    #expect(ledger.refusal(open(each), by: .key("ann")) == nil)
  }
}
