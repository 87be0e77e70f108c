import Domain

extension AccessTable {
  private static let place = "/v1/ledgers/{ledger}"

  /// Who asks before a call.
  private static let callers: Set<Role> = [.service, .agent, .operator]
  /// Agents may tighten; whatever loosens is refused them by the ledger itself.
  private static let changers: Set<Role> = [.operator, .admin, .agent]

  /// Decisions, and what they go by.
  static let routingEndpoints: [EndpointAccess] = [
    .init(
      "decideRoute", "POST", place + "/decisions", .ledger, roles: callers, request: [.json],
      "Decide whether a call may be made, and by which model.",
      "A denial is an answer too. The id names the call: asking again with it gives the first answer."),
    .init(
      "readDecision", "GET", place + "/decisions/{decision}", .ledger, roles: callers.union([.admin, .auditor]),
      "A decision, by the caller's id."),
    .init("listRoutes", "GET", place + "/routes", .ledger, roles: anyRole, "The routes, by operation."),
    .init("readRoute", "GET", place + "/routes/{operation}", .ledger, roles: anyRole, "An operation's route."),
    .init(
      "configureRoute", "PUT", place + "/routes/{operation}", .ledger, roles: changers, request: [.json],
      "Configure an operation's route.", loosening),
    .init(
      "listModels", "GET", place + "/models", .ledger, roles: anyRole,
      "The models that decisions may choose, by name."),
    .init(
      "configureModel", "PUT", place + "/models", .ledger, roles: changers, request: [.json], "Configure a model.",
      loosening),
    .init("listToggles", "GET", place + "/toggles", .ledger, roles: anyRole, "The toggles, by name."),
    .init("readToggle", "GET", place + "/toggles/{toggle}", .ledger, roles: anyRole, "One toggle."),
    .init(
      "changeToggle", "PUT", place + "/toggles/{toggle}", .ledger, roles: changers, request: [.json],
      "Change a toggle.", loosening),
    .init(
      "enforceToggle", "POST", place + "/toggles/{toggle}/enforce", .ledger,
      roles: [.service, .agent, .operator, .admin], "Pass a toggle, or be refused, on record.",
      "The outcome is `passed` or `refused`: what is off is off for everybody."),
    .init("readPolicy", "GET", place + "/policy", .ledger, roles: anyRole, "The rules that hold for all routes."),
    .init(
      "configurePolicy", "PUT", place + "/policy", .ledger, roles: changers, request: [.json],
      "Configure the rules that hold for all routes.", loosening),
    .init(
      "listEvaluations", "GET", place + "/evaluations", .ledger, roles: anyRole,
      "How models did, the last time in each suite."),
    .init(
      "recordEvaluation", "POST", place + "/evaluations", .ledger, roles: [.service, .operator], kinds: noAgent,
      request: [.json], "Record how a model did in a suite."),
  ]

  private static let loosening =
    "What tightens is done at once; what loosens needs a second human: 202, with the approval that was asked for."
}
