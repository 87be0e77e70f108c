extension Catalogue {
  /// Erasures, holds that refuse them, and who read what.
  static let erasures: [EventType] = [
    command(
      "payload.erased", "erasure/", erasure,
      "Personal parts of events were emptied for good; a large erasure takes several events."),
    command("hold.placed", "hold/", hold, "While it stands, no event that it matches is erased."),
    command(
      "hold.released", "hold/",
      [EventField("hold", .name, "The hold's id."), EventField("reason", .reason, "Why.")],
      "What a hold kept can be erased again."),
    command("access.recorded", "key/", access, "A key read, or exported, within a minute; in the ledger system."),
  ]

  private static let position = FieldKind.integer(1...9_007_199_254_740_991)
  private static let kinds = FieldKind.choice(["user", "session", "customer"])

  private static let erasure: [EventField] = [
    EventField("erasure", .name, "The erasure's id."),
    EventField("by", .choice(["subject", "person", "positions"]), "What the events have in common."),
    .optional("subject", .text(1...256), "The subject that they are about."),
    .optional("kind", kinds, "What kind of person they name; derived.person is the token."),
    .optional("before", .timestamp, "They were recorded before this moment."),
    EventField("positions", .array(position, count: 0...30_000), "The events that are emptied, ascending."),
    .optional("forgotten", .array(.token(64), count: 0...2_000), "Tokens of persons whose names are forgotten."),
    EventField("reason", .reason, "Why."),
    EventField("legal_basis", .text(1...500), "What obliges or allows it."),
    EventField("part", .integer(1...100_000), "Which part of the erasure this is."),
    EventField("parts", .integer(1...100_000), "How many parts the erasure has."),
  ]

  private static let hold: [EventField] = [
    EventField("hold", .name, "The hold's id."),
    .optional("subject", .text(1...256), "It matches events about this subject only."),
    .optional("kind", kinds, "What kind of person is named."),
    .optional("person", .token(64), "It matches events that name the person whom this token stands for only."),
    .optional("from", .timestamp, "It matches events recorded at or after this moment only."),
    .optional("until", .timestamp, "It matches events recorded before this moment only."),
    EventField("reason", .reason, "Why."),
  ]

  private static let access: [EventField] = [
    EventField("key", .name, "The key that read."),
    EventField("owner", .text(1...256), "The accountable owner."),
    EventField("from", .timestamp, "The first of the reads."),
    EventField("until", .timestamp, "The last of them."),
    EventField("requests", .count, "How many there were."),
    EventField("records", .count, "How many events or rows were handed over."),
    EventField(
      "reads", .array(.object(read), count: 0...100), "What was read, by ledger, endpoint, book and address."),
    .optional("further_requests", .count, "Requests that no line of reads has room for."),
  ]

  private static let read: [EventField] = [
    EventField("ledger", .token(63), "Whose log or book."),
    EventField("endpoint", .name, "What was asked, as OpenAPI names it; of the command line, its command."),
    .optional("book", .text(1...256), "The book, and its query."),
    .optional("address", .text(0...64), "From where."),
    .optional("subject", .text(1...256), "The subject that was asked for, where only one was."),
    EventField("requests", .count, "How many requests."),
    EventField("records", .count, "How many events or rows were handed over."),
    .optional("first_position", position, "The first event that was handed over, or that a book was asked as of."),
    .optional("last_position", position, "The last of them."),
    .optional("export", .boolean, "True where it was an export."),
  ]
}
