extension Catalogue {
  /// What limits spend, and what becomes of it.
  static let budgets: [EventType] = [
    budget("budget.configured", "budget/", configuration, "A budget or a limit was made or changed."),
    budget(
      "budget.threshold_crossed", "budget-window/", crossing,
      "What is spent and reserved of a budget went over a threshold, for the first time in its window."),
    budget(
      "reservation.expired", "reservation/",
      [
        EventField("decision", .name, "The decision's id."),
        EventField("reason", .reason, "Why: nothing settled it in time."),
      ], "What a decision had reserved was given back, as no completion came; derived carries what was released."),
  ]

  private static func budget(
    _ name: String, _ subject: String, _ fields: [EventField], _ description: String
  ) -> EventType {
    EventType(name, subject: subject, isCommandOnly: true, fields: fields, description)
  }

  /// Amounts beside one that names the currency.
  private static let plainAmount = FieldKind.decimal(wholeDigits: 15, allowsNegative: false)

  private static let configuration: [EventField] = [
    EventField("budget", .name, "The budget's id, without a slash."),
    EventField(
      "kind", .choice(["spend", "tokens_per_minute", "tier_share"]),
      "What it limits: money in a window, tokens in any sixty seconds, or the share of each tier in the spend."),
    EventField(
      "scope", .text(1...300),
      "ledger, or a name or * under user/, team/, operation/, model/, provider/, strategy/ or tier/; with *, each has a "
        + "counter of its own. Users by token."),
    .optional("window", .choice(["day", "month", "total"]), "How long it counts, in the reporting time zone."),
    .optional("limit", .amount, "The most that may be spent and reserved in a window."),
    EventField("hard", .boolean, "Whether it refuses what has no room; else it warns."),
    .optional(
      "thresholds", .array(plainAmount, count: 0...20),
      "Amounts whose crossing is recorded once in each window, in the limit's currency."),
    .optional(
      "worst_case", plainAmount,
      "What is reserved or booked where a cost is not known in the budget's currency; without it, a hard budget refuses."
    ),
    .optional("tokens", .integer(1...1_000_000_000_000), "The most tokens in any sixty seconds."),
    .optional(
      "shares",
      .array(
        .object([
          EventField("tier", .name, "The tier."),
          EventField("share", .fraction, "The most that it may have of the spend, from 0 to 1."),
        ]), count: 1...10), "The shares of tiers; a tier without one may have any."),
    .optional("judged_from", .amount, "Spend of a window from which on shares are judged."),
    EventField("enabled", .boolean, "False: it counts on, and neither refuses nor warns."),
    .optional("note", .reason, "For people."),
  ]

  private static let crossing: [EventField] = [
    EventField("budget", .name, "The budget's id."),
    EventField("key", .text(1...300), "The counter within the budget, such as a user's token or a tier."),
    EventField("window", .token(32), "The window: a day, a month, or total."),
    .optional("threshold", .amount, "The amount that was reached."),
    .optional("share", .fraction, "The share that was exceeded."),
    EventField("spent", counted, "What is booked."),
    EventField("reserved", counted, "What open reservations hold."),
    .optional("limit", .amount, "The budget's limit at that moment."),
    .optional("of", counted, "What all tiers together have spent and reserved."),
  ]

  /// A sum of many amounts.
  private static let counted = FieldKind.money(wholeDigits: 26, allowsNegative: true)
}
