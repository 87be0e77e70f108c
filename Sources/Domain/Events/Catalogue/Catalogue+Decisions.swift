extension Catalogue {
  /// What the ledger decides by itself: version 2 of the types by which services tell what they decided.
  static let decisions: [EventType] = [
    decision("route.decided", "The ledger let a model answer, and reserved what the call may cost."),
    decision("route.denied", "The ledger let no model answer."),
  ]

  private static func decision(_ name: String, _ description: String) -> EventType {
    EventType(
      name, version: 2, subject: CallSubject.prefix, isCommandOnly: true,
      fields: [
        EventField("request", .object(decisionRequest), "What was asked."),
        EventField("decided_by", .choice(["ledger"]), "Who decided: the ledger."),
        EventField("operation", .name, "The purpose of the call."),
        .optional("model", .name, "The model that may answer."),
        .optional("provider", .name, "Who serves it."),
      ], description)
  }

  /// What a caller asks; the body of a request for a decision has the same members.
  public static let decisionRequest: [EventField] = [
    EventField("id", .token(112), "The caller's own name of the call: asking again with it gives the same answer."),
    EventField("operation", .name, "The purpose of the call."),
    .optional("model", .name, "The model that is asked for, by its name or an alias."),
    .optional("tier", tier, "The tier whose model is asked for."),
    .optional("session", .label, privacy: .person("session"), "The conversation that the call belongs to."),
    .optional("user", .label, privacy: .person("user"), "Who the call is for."),
    .optional("team", .label, "The team that the call counts for."),
    .optional("strategy", .label, "The strategy that the call counts for."),
    .optional("goal", .label, "The goal that the call counts for."),
    .optional("requires_approval", .boolean, "True: the call needs an approval, whatever its route says."),
    .optional("approval", .name, "The approval that the call is made under."),
    .optional("estimate", .object(decisionEstimate), "What the call is expected to use at most."),
  ]

  private static let decisionEstimate: [EventField] =
    usage + [
      .optional("input_characters", .count, "The length of the input, four characters to a token, instead of tokens.")
    ]
}
