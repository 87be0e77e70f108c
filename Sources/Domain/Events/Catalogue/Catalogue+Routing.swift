extension Catalogue {
  /// How calls are routed: written by changes of the configuration, and by what follows from completions.
  static let routing: [EventType] = [
    routing("route.configured", "route/", route, "How the calls of an operation find a model, from here on."),
    routing("model.configured", "model/", model, "A model became known, or is used otherwise from here on."),
    routing(
      "model.cooled_down", "model-health/", coolDown,
      "A model failed too often; decisions leave it alone for a while."),
    routing("toggle.changed", "toggle/", toggle, "Something was let happen, or stopped, by name."),
    routing("policy.configured", "policy/", policy, "The rules of decision that hold for all routes."),
    routing("evaluation.recorded", "evaluation/", evaluation, "How a model did in a suite for an operation."),
  ]

  private static func routing(
    _ name: String, _ subject: String, _ fields: [EventField], _ description: String
  ) -> EventType {
    EventType(name, subject: subject, isCommandOnly: true, fields: fields, description)
  }

  /// Tokens of one call, for the worst case.
  private static let worstCase = FieldKind.integer(1...1_000_000_000)

  private static let route: [EventField] = [
    EventField("operation", .name, "The purpose of the calls."),
    EventField("name", .label, "For people."),
    EventField("primary", .name, "The model that is tried first."),
    .optional("fallbacks", .array(.name, count: 0...16), "The models that are tried next, in this order."),
    EventField("enabled", .boolean, "False: every call is denied."),
    EventField(
      "criticality", .choice(["LOW", "MEDIUM", "HIGH"]),
      "How much the operation's cost matters; calls of HIGH need an approval."),
    .optional(
      "required_evaluations", .array(.name, count: 0...16), "Suites that a model must have passed for the operation."),
    .optional("max_output_tokens", worstCase, "The most tokens that an answer takes, where the model allows more."),
  ]

  private static let model: [EventField] = [
    EventField("model", .name, "The exact name."),
    EventField("provider", .name, "Who serves it."),
    EventField(
      "platform_enabled", .boolean, "Whether the deployment offers it; admins alone switch it on."),
    EventField("enabled", .boolean, "Whether this ledger uses it."),
    .optional("aliases", .array(.name, count: 0...16), "Other names that requests may ask for it by."),
    .optional("tier", tier, "The tier that its spend counts for."),
    .optional(
      "allowed_kinds", .array(.choice(["human", "service", "agent"]), count: 0...3),
      "The kinds of keys that may be served by it; empty: any."),
    .optional(
      "allowed_callers", .array(.name, count: 0...100),
      "Who may be served by it, as owner/ or key/ and an id; empty: anybody."),
    .optional("max_input_tokens", worstCase, "The most tokens that a call's input takes."),
    .optional("max_output_tokens", worstCase, "The most tokens that an answer takes."),
  ]

  private static let coolDown: [EventField] = [
    EventField("model", .name, "The model."),
    EventField("failures", .integer(1...1_000), "How often it failed in a row."),
    EventField("window_s", seconds(86_400), "Within how many seconds."),
    EventField("until", .timestamp, "When decisions may choose it again."),
  ]

  private static let toggle: [EventField] = [
    EventField("toggle", .name, "What is let happen, such as helix_can_change_models."),
    EventField("enabled", .boolean, "Whether it may happen."),
    EventField("locked", .boolean, "Whether it must be unlocked before it can be switched on."),
    EventField("controlled_by", .choice(["admin_only", "user", "both"]), "Who may switch it on."),
    .optional("notes", .reason, "For people."),
  ]

  private static let policy: [EventField] = [
    .optional("default_model", .name, "The last candidate of every decision."),
    .optional(
      "cool_down",
      .object([
        EventField("failures", .integer(1...1_000), "How many failures in a row it takes."),
        EventField("window_s", seconds(86_400), "Within how many seconds."),
        EventField("duration_s", seconds(86_400), "For how many seconds the model is left alone."),
      ]), "When a model that keeps failing is left alone; without it, never."),
    EventField("session_idle_s", seconds(31_536_000), "How long a session may be idle and stay with its model."),
    EventField("reservation_life_s", seconds(86_400), "How long what was reserved waits for its completion."),
    EventField("refuses_unknown_price", .boolean, "Whether models without a known price are refused everywhere."),
    .optional("tiers", tiers, "Models of tiers, before those that the ledger was opened with."),
  ]

  private static let evaluation: [EventField] = [
    EventField("operation", .name, "The operation that it was evaluated for."),
    EventField("model", .name, "The model."),
    EventField("suite", .name, "The suite."),
    EventField("passed", .boolean, "Whether it passed."),
    .optional("score", .fraction, "From 0 to 1."),
    .optional("evidence", .array(.object(evidence), count: 0...50), "What shows it."),
  ]

  /// The models of the tiers, each where it has one.
  static let tiers = FieldKind.object([
    .optional("strong", .name, "The model of the tier strong."),
    .optional("mid", .name, "The model of the tier mid."),
    .optional("cheap", .name, "The model of the tier cheap."),
  ])

  static let tier = FieldKind.choice(["strong", "mid", "cheap"])

  private static func seconds(_ most: Int64) -> FieldKind { .integer(1...most) }
}
