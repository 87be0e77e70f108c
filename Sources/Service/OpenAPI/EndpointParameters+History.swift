import Domain

extension EndpointParameters {
  static let asOf = Parameter(
    name: "as_of", schema: text,
    description:
      "The log as it was at this position (digits) or moment (RFC 3339): only what was recorded by then, without what was "
      + "erased since.")

  static let controlAsOf = Parameter(
    name: "as_of", schema: text,
    description: "A position (digits) or a moment (RFC 3339); the head where it is missing.")

  private static let table = Parameter(name: "table", schema: text, description: "One of the book's tables.")

  /// What a comparison takes.
  static let diff: [Parameter] = [
    .init(name: "from", schema: text, description: "The earlier point: a position (digits) or a moment (RFC 3339)."),
    .init(name: "to", schema: text, description: "The later point; the head where it is missing."),
    table,
    .init(
      name: "after", schema: SchemaParts.integer(0, nil), description: "Rows to pass over: next of the page before."),
    .init(
      name: "limit", schema: SchemaParts.integer(1, API.historyLimit),
      description: "Rows of the answer; \(API.historyDefault) where it is missing."),
  ]

  /// What an explanation takes besides the key columns of the table.
  static let explain: [Parameter] = [
    .init(
      name: "table", schema: text,
      description: "One of the book's tables; the first one that has the key columns where it is missing."),
    .init(
      name: "as_of", schema: text,
      description: "Rows as of this position (digits) or moment (RFC 3339); as they are now where it is missing."),
    .init(
      name: "after", schema: SchemaParts.integer(0, nil),
      description: "Only events after this position: next of the page before."),
    .init(
      name: "limit", schema: SchemaParts.integer(1, API.historyLimit),
      description: "Events of the answer; \(API.historyDefault) where it is missing."),
  ]
}
