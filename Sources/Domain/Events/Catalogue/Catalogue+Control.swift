extension Catalogue {
  /// What people decide about changes: approvals, glass that was broken, recommendations, keys that are replaced.
  static let control: [EventType] =
    approvals + [
      command(
        "breakglass.used", "breakglass/", brokenGlass,
        "An admin made a change alone; it waits for a review by another owner."),
      command(
        "breakglass.reviewed", "breakglass/",
        [
          EventField("breakglass", .name, "The id of the change that was made alone."),
          EventField("verdict", .choice(["justified", "unjustified"]), "What the reviewer thinks of it."),
          EventField("reason", .reason, "Why."),
        ], "Another owner reviewed a change that was made alone."),
      command(
        "recommendation.made", "recommendation/", recommendation,
        "Somebody, often an agent, recommends a change; derived carries the exact change."),
      command(
        "recommendation.accepted", "recommendation/", recommendationDecision,
        "A recommendation was followed, through an approval; the events of its change stand before it."),
      command(
        "recommendation.dismissed", "recommendation/", recommendationDecision, "A recommendation was not followed."),
      command(
        "key.rotated", "key/",
        [
          EventField("key", .name, "The key's id."),
          EventField("successor", .name, "The key that has its rights from now on."),
          EventField("ends", .timestamp, "When the old key ends."), EventField("reason", .reason, "Why."),
        ], "Another key with the same rights takes a key's place."),
    ]

  private static let kinds = FieldKind.choice([
    "model_switch", "cost_increase", "budget_change", "loosening", "standing", "action",
  ])
  private static let risks = FieldKind.choice(["low", "medium", "high"])

  private static let approvals: [EventType] =
    [command("approval.requested", "approval/", approvalRequest, "Somebody asked for leave to make a change.")]
    + [
      ("approval.granted", "An owner who is not the requester's gave leave."),
      ("approval.rejected", "An owner who is not the requester's refused leave."),
      ("approval.withdrawn", "The requester took the request back."),
      ("approval.revoked", "A grant was taken back before it was used."),
      ("approval.consumed", "The change was made under the grant."),
      ("approval.expired", "Nobody decided, or used the grant, in time."),
    ].map { name, description in
      command(
        name, "approval/",
        [EventField("approval", .name, "The approval's id."), EventField("reason", .reason, "Why.")], description)
    }

  /// The members of `approval.requested`; a request's body has them too, the last ones optional there.
  private static let approvalRequest: [EventField] = [
    EventField("kind", kinds, "What kind of change it is."),
    EventField("change", .openObject, "The exact change; what is granted is this and nothing else."),
    .optional("change_digest", .sha256, "SHA-256 of the change's RFC 8785 form."),
    EventField("reason_code", .name, "Why, as a code."),
    .optional("estimated_impact", .any, "What the change is expected to do."),
    .optional("required_by", .timestamp, "When the change is needed."),
    .optional("evidence", .array(.object(evidence), count: 0...50), "What speaks for it."),
    .optional("risk", risks, "The ledger's assessment; a requester can only raise it."),
    EventField("expires_at", .timestamp, "When the request ends by itself."),
  ]

  static let evidence: [EventField] = [
    EventField("kind", .name, "What kind of evidence it is."),
    EventField("title", .text(1...500), "For people."),
    .optional("uri", .text(1...2_000), privacy: .personal, "Where it is."),
    .optional("text", .text(1...16_000), privacy: .personal, "The evidence itself."),
    .optional("sha256", .sha256, "SHA-256 of what the URI leads to, or of the text."),
  ]

  private static let brokenGlass: [EventField] = [
    EventField("breakglass", .name, "Its id."),
    EventField("change", .openObject, "The exact change that was made."),
    EventField("change_digest", .sha256, "SHA-256 of the change's RFC 8785 form."),
    EventField("kind", kinds, "What kind of change it is."),
    EventField("risk", risks, "What it put at stake."),
    EventField("reason", .reason, "Why nobody else could be asked."),
  ]

  private static let recommendation: [EventField] = [
    EventField("recommendation", .name, "Its id."),
    EventField("operation", .name, "The operation that it is about."),
    EventField("kind", .choice(["route", "model"]), "What is to be changed."),
    EventField("proposed", .openObject, "The route, or model, as it is to be: the members of its configuration."),
    .optional("current", .openObject, "How it is, by the word of who recommends."),
    .optional("estimated_savings", .signedAmount, "What it would save in a month."),
    .optional(
      "estimated_quality_impact", .decimal(wholeDigits: 3, allowsNegative: true),
      "How the quality score would change; below zero where it would fall."),
    .optional("confidence", .fraction, "How sure who recommends is, from 0 to 1."),
    EventField("reasoning", .text(1...4_000), "Why."),
  ]

  private static let recommendationDecision: [EventField] = [
    EventField("recommendation", .name, "Its id."), EventField("reason", .reason, "Why."),
  ]
}
