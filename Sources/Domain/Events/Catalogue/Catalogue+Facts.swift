extension Catalogue {
  /// What services append.
  static let facts: [EventType] = [
    EventType(
      "completion.recorded", subject: CallSubject.prefix, isCommandOnly: false, fields: completion,
      "One attempt of one call to a model, with what it used. The ledger derives its cost."),
    EventType(
      "route.decided", subject: CallSubject.prefix, isCommandOnly: false, fields: externalRoute,
      "A service that routes by itself chose a model."),
    EventType(
      "route.denied", subject: CallSubject.prefix, isCommandOnly: false, fields: externalRoute,
      "A service that routes by itself let no model answer."),
    EventType(
      "cost.incurred", subject: "cost/", isCommandOnly: false,
      period: EventType.Period(start: "period_start", end: "period_end", longestDays: 3_700), fields: cost,
      "A cost that is not one call's, such as a machine's, spread over its period."),
    EventType(
      "revenue.earned", subject: "revenue/", isCommandOnly: false, fields: revenue,
      "Revenue, of a model where it names one, else of a strategy."),
    EventType(
      "invoice.received", subject: "invoice/", isCommandOnly: false,
      period: EventType.Period(start: "period_start", end: "period_end", longestDays: 3_700), fields: invoice,
      "What a provider billed for a period, line by line; books match it with what the calls cost."),
  ]

  private static let completion: [EventField] = [
    EventField("operation", .name, "The purpose of the call, such as chat_message."),
    .optional("requested_model", .name, "The model that was asked for, where it is another."),
    EventField("model", .name, "The model that served."),
    EventField("provider", .name, "Who served it."),
    .optional("tier", .name, "The tier of the model, such as strong, mid or cheap."),
    .optional(
      "service_tier", .choice(ServiceTier.allCases.map(\.rawValue)),
      "The kind of service that was asked for, whose prices hold; without it, standard."),
    EventField("attempt", .integer(1...1_000), "Which attempt of the call it was, from 1."),
    EventField(
      "status", .choice(["ok", "error", "aborted", "absorbed"]),
      "How the attempt ended; absorbed: it failed, and a fallback worked."),
    .optional("error_code", .name, "The provider's error."),
    EventField(
      "usage", .object(usage), "What the call used, in disjoint classes; a class that is absent was not told."),
    EventField(
      "usage_source", .choice(["provider", "estimated", "partial", "absent"]), "Where the usage comes from."),
    .optional("reported_cost", .amount, "The cost that the provider stated; booked where no price is known."),
    EventField("latency_ms", .count, "From the request to the last byte, in milliseconds."),
    .optional("time_to_first_token_ms", .count, "From the request to the first token, in milliseconds."),
    .optional("quality_score", .fraction, "How good the answer was, from 0 to 1."),
    .optional("user", .label, privacy: .person("user"), "Who the call was for."),
    .optional("team", .label, "The team that the call counts for."),
    .optional("strategy", .label, "The strategy that the call counts for."),
    .optional("goal", .label, "The goal that the call counts for."),
    .optional("session", .label, privacy: .person("session"), "The conversation that the call belongs to."),
    .optional("response_id", .label, privacy: .personal, "The provider's id of the answer."),
    .optional("finish_reason", .name, "Why the model stopped."),
    .optional(
      "tags", .textMap(count: 16, key: 64, value: 256), privacy: .personal, "Labels of the caller's, 16 at most."),
    .optional("raw_usage", .openObject, privacy: .personal, "The provider's own usage object."),
  ]

  /// The classes of usage; every one optional.
  static let usage: [EventField] = UsageClass.allCases.map { usageClass in
    .optional(usageClass.rawValue, .count, usageDescription(of: usageClass))
  }

  private static func usageDescription(of usageClass: UsageClass) -> String {
    switch usageClass {
    case .inputTokens: "Input without the cached tokens."
    case .outputTokens: "Output without reasoning."
    case .cacheReadTokens: "Input that was served from a cache."
    case .cacheWriteTokens: "Input that was written to a cache."
    case .cacheWriteHourTokens: "Input that was written to a cache that lives an hour."
    case .reasoningTokens: "Reasoning."
    case .audioInputTokens: "Audio input, in tokens."
    case .audioOutputTokens: "Audio output, in tokens."
    case .audioMilliseconds: "Audio that is billed by time, in milliseconds."
    case .imageTokens: "Images, in tokens."
    case .images: "Images, each one."
    case .characters: "Characters, as speech synthesis bills them."
    case .requests: "Requests, where each has a price."
    }
  }

  private static let externalRoute: [EventField] = [
    EventField("operation", .name, "The purpose of the call."),
    EventField("model", .name, "The model that was chosen, or denied."),
    EventField("provider", .name, "Who serves it."),
    .optional("rationale", .text(1...4_000), "Why."),
    EventField("decided_by", .choice(["external"]), "Who decided: a service that routes by itself."),
  ]

  private static let cost: [EventField] = [
    EventField("category", .choice(["ai_inference", "vm", "api_service", "other"]), "What kind of cost it is."),
    EventField("cost", .signedAmount, "How much; below zero for a credit."),
    EventField("period_start", .timestamp, "The first moment that the cost is for."),
    EventField("period_end", .timestamp, "The first moment that it is no longer for."),
    .optional("description", .reason, "For people."),
    .optional("provider", .name, "Who billed it."),
    .optional("model", .name, "The model that it is for."),
    .optional("strategy", .label, "The strategy that it counts for."),
    .optional("invoice", .label, "The invoice that it stands on."),
  ]

  private static let revenue: [EventField] = [
    EventField("revenue", .signedAmount, "How much; below zero for a refund."),
    EventField("strategy", .label, "The strategy that earned it."),
    .optional("source_attribution", .label, "How it was attributed."),
    .optional("model", .name, "The model that earned it."),
    .optional("operation", .name, "The operation that earned it."),
    .optional("goal", .label, "The goal that it counts for."),
    .optional("customer", .label, privacy: .person("customer"), "Who paid."),
    EventField("earned_at", .timestamp, "When it was earned; its day is the posting date."),
  ]
}
