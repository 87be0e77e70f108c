extension Catalogue {
  /// What finance says: closed months, corrections, rates, and differences to invoices.
  static let finance: [EventType] = [
    command(
      "cost.restated", "entry/",
      [
        EventField("restates", position, "The position of the entry."),
        EventField("cost", .signedAmount, "The whole new cost, in the place of what was booked."),
        EventField("reason", .reason, "Why."),
        .optional("invoice", .label, "The invoice that says so."),
      ], "An entry costs something else than was booked; derived carries it, with what was booked before and after."),
    command(
      "entry.adjusted", "entry/",
      [
        EventField("adjusts", position, "The position of the entry."),
        EventField("rerate", .name, "The re-rating that it belongs to."),
      ], "A completion costs something else by the prices known at a re-rating; derived carries it, before and after."
    ),
    command(
      "rerate.approved", "rerate/", rerate,
      "Past completions are re-rated: an adjustment follows for each, while what was booked stays in the log."),
    command(
      "rerate.completed", "rerate/",
      [
        EventField("rerate", .name, "Its id."),
        EventField("adjusted", count, "Entries that were adjusted."),
        EventField("skipped", count, "Entries left alone, as they were reversed or corrected meanwhile."),
        EventField("totals", .array(.object(total), count: 0...200), "What was adjusted, by currency."),
      ], "Every adjustment of a re-rating is written."),
    command(
      "rate.listed", "rate/",
      [
        EventField("base", .currency, "The currency whose price it is."),
        EventField("quote", .currency, "The currency that it is priced in."),
        EventField(
          "rate", .decimal(wholeDigits: 12, allowsNegative: false), "One of base is so many of quote; above zero."),
        EventField("valid_from", .timestamp, "From when on it holds; derived has the day from which books use it."),
        .optional("note", .reason, "For people, such as where it was read."),
      ], "A rate of exchange became known."),
    command(
      "period.closed", "period/", closing,
      "A month was closed, and with it all before it: what comes later is posted to the first open day."),
    command(
      "period.reopened", "period/",
      [EventField("period", .token(7), "The month, YYYY-MM."), EventField("reason", .reason, "Why.")],
      "The last closed month takes postings again."),
    command(
      "reconciliation.differed", "invoice/", difference,
      "An invoice and the books differ by more than was to be tolerated; a claim of what the book said at a position."
    ),
  ]

  private static let position = FieldKind.integer(1...9_007_199_254_740_991)
  private static let count = FieldKind.integer(0...9_007_199_254_740_991)
  /// A sum of many amounts.
  private static let sum = FieldKind.decimal(wholeDigits: 26, allowsNegative: true)
  private static let day = FieldKind.token(10)

  static let invoice: [EventField] = [
    EventField("provider", .name, "Who billed."),
    .optional("number", .label, "The invoice's number, as the provider writes it."),
    .optional(
      "issued_at", .timestamp, "When it was issued; its day is the posting date, else the period's last day."),
    EventField("period_start", .timestamp, "The first moment that it is for."),
    EventField("period_end", .timestamp, "The first moment that it is no longer for."),
    EventField("lines", .array(.object(invoiceLine), count: 1...500), "What was billed."),
  ]

  private static let invoiceLine: [EventField] = [
    .optional("model", .name, "The model that the line is for."),
    .optional("sku", .label, "What the provider calls it."),
    .optional("quantity", .decimal(wholeDigits: 18, allowsNegative: true), "How much of it."),
    .optional("unit", .label, "What the quantity counts."),
    EventField("cost", .signedAmount, "What it cost; below zero for a credit."),
  ]

  private static let closing: [EventField] = [
    EventField("period", .token(7), "The month, YYYY-MM."),
    EventField(
      "position", position, "The position of the log that the claim is about; nothing posted to it came later."),
    EventField("root", .sha256, "The root of the log's tree at that position."),
    EventField(
      "books", .textMap(count: 64, key: 128, value: 64),
      "The claim: the digest of each finance book at that position, by the book's name."),
    .optional(
      "versions", .textMap(count: 64, key: 128, value: 10), "The version of each book that its digest was made by."),
  ]

  /// What is re-rated.
  static let rerateSelection: [EventField] = [
    .optional("model", .name, "Only calls that this model served."),
    .optional("provider", .name, "Only calls that this provider served."),
    .optional("operation", .name, "Only calls of this operation."),
    .optional("from", day, "Only calls that are posted on this day or later."),
    .optional("to", day, "Only calls that are posted on this day or earlier."),
  ]

  private static let total: [EventField] = [
    EventField("currency", .currency, "The currency of the sums."),
    EventField("calls", count, "Calls with a figure in it."),
    EventField("before", sum, "What was booked."),
    EventField("after", sum, "What is booked instead."),
  ]

  private static let rerate: [EventField] =
    [EventField("rerate", .name, "Its id.")] + rerateSelection + [
      EventField("position", position, "As of which position of the log: its calls, and the prices known by then."),
      EventField("calls", count, "Calls whose cost changes."),
      EventField("priced", count, "Of these, calls that had no cost before."),
      EventField("examined", count, "Calls that were looked at."),
      EventField("totals", .array(.object(total), count: 0...200), "Before and after, by currency."),
      EventField(
        "models",
        .array(.object([EventField("model", .name, "The model.")] + total), count: 0...100),
        "The same by model, the largest differences first."),
      EventField("digest", .sha256, "SHA-256 of the list of calls, each with its position, before and after."),
      EventField("reason", .reason, "Why."),
    ]

  private static let difference: [EventField] = [
    EventField("invoice", .name, "The invoice's id."),
    EventField("provider", .name, "Who billed."),
    EventField(
      "period",
      .object([EventField("from", day, "The first day."), EventField("through", day, "The last day.")]),
      "The days that were compared."),
    .optional("model", .name, "The model that was compared; without it, all."),
    EventField("booked", .signedAmount, "What the book says."),
    EventField("invoiced", .signedAmount, "What the invoice says."),
    EventField("difference", .signedAmount, "Invoiced less booked."),
    EventField(
      "tolerance",
      .object([
        .optional("amount", .amount, "The most that was tolerated."),
        .optional("share", .fraction, "The most that was tolerated, as a share of what is invoiced."),
      ]), "What was to be tolerated."),
    EventField("position", position, "The position that the book reflected."),
  ]
}
