extension Catalogue {
  /// What the ledger alone writes.
  static let commands: [EventType] =
    control + prices + budgets + routing + decisions + finance + erasures + [
      command("entry.reversed", "entry/", reversal, "An entry was taken back; derived carries the reversed event."),
      command("killswitch.activated", "kill-switch/", killSwitch, "A kill switch was pulled."),
      command("killswitch.deactivated", "kill-switch/", killSwitch, "A kill switch was released."),
      command("ledger.opened", "ledger/", opening, "The ledger was opened; what stands before it is bootstrap."),
      command("owner.added", "owner/", owner, "Somebody became accountable for keys."),
      command("key.issued", "key/", issue, "A key was issued. The secret itself is not in the log."),
      command(
        "key.revoked", "key/",
        [EventField("key", .name, "The key's id."), EventField("reason", .reason, "Why.")],
        "A key was revoked."),
      command("command.refused", "key/", refusal, "A request was refused for lack of a role."),
      command(
        "projection.event_skipped", "projection/", skip,
        "A person told a projection to pass over an event that it cannot post."
      ),
    ]

  static func command(
    _ name: String, _ subject: String, _ fields: [EventField], _ description: String
  ) -> EventType {
    EventType(name, subject: subject, isCommandOnly: true, fields: fields, description)
  }

  private static let killSwitch: [EventField] = [
    EventField(
      "scope", .text(1...256),
      "global, or a name under operation/, model/, provider/, user/ or team/; a user by token."),
    EventField("reason", .reason, "Why."),
    EventField("triggered_by", .choice(["cli", "api", "agent"]), "The way it came."),
  ]

  private static let reversal: [EventField] = [
    EventField("reverses", .integer(1...9_007_199_254_740_991), "The position of the entry."),
    EventField("reason", .reason, "Why."),
  ]

  private static let opening: [EventField] = [
    EventField("name", .token(63), "The ledger's name."),
    EventField("time_zone", .token(64), "The IANA name of the reporting time zone."),
    EventField("reporting_currency", .currency, "The currency of reports."),
    EventField("rules_version", .integer(1...1_000_000), "The version of the rules of decision."),
    .optional("tiers", tiers, "The models of the tiers."),
  ]

  private static let owner: [EventField] = [
    EventField("owner", .name, "The owner's id."),
    EventField("name", .label, "What the owner is called."),
    .optional("email", .label, privacy: .personal, "Where the owner is reached."),
  ]

  private static let issue: [EventField] = [
    EventField("key", .name, "The key's id."),
    EventField("kind", .choice(["human", "service", "agent"]), "What kind of actor the key speaks for."),
    EventField("owner", .name, "The accountable owner's id."),
    EventField(
      "roles", .array(.choice(Role.allCases.map(\.rawValue)), count: 1...Role.allCases.count), "What the key may do."),
    EventField("ledgers", .array(.token(63), count: 1...1_000), "The ledgers that it may do it in; * for all."),
    .optional("sources", .array(.token(256), count: 0...100), "Prefixes of the sources that it may append under."),
    .optional("expires", .timestamp, "When the key ends."),
    EventField("secret_sha256", .sha256, "SHA-256 of the whole key text."),
    .optional("note", .reason, "For people."),
    .optional("rotates", .name, "The key whose rights and place it takes."),
  ]

  private static let refusal: [EventField] = [
    EventField("command", .text(1...256), "What was asked for: a method and a route, or a type of event."),
    EventField("reason", .reason, "Why it was refused."),
    .optional("method", .name, "The HTTP method."),
    .optional("path", .text(1...2_000), "The route."),
    .optional("event_type", .name, "The type of event that was to be appended."),
    .optional("required_roles", .array(.name, count: 0...20), "Roles any of which would have sufficed."),
    .optional("count", .integer(1...1_000_000_000), "How many refusals this record stands for."),
    .optional("from", .timestamp, "The first of them."),
    .optional("until", .timestamp, "The last of them."),
  ]

  private static let skip: [EventField] = [
    EventField("projection", .name, "The projection's name."),
    EventField("version", .integer(1...1_000_000), "The projection's version."),
    EventField("position", .integer(1...9_007_199_254_740_991), "The position of the event."),
    EventField("reason", .reason, "Why."),
  ]
}
