import Domain

extension AccessTable {
  /// Who may look behind a number: what comes out names events, which not every reader of books may read.
  private static let historyReaders: Set<Role> = [.finance, .auditor, .operator, .admin]
  private static let ledger = "/v1/ledgers/{ledger}"

  /// What was known then, what changed, and why a number is what it is.
  static let historyEndpoints: [EndpointAccess] = [
    .init(
      "readControl", "GET", ledger + "/control", .ledger, roles: [.auditor, .operator, .admin],
      "What the rules know, as of a position or a time, with its digest.",
      "Canonical JSON (RFC 8785): the digest is the SHA-256 of `state`, the same on every machine. Counts as a replay."
    ),
    .init(
      "diffBook", "GET", ledger + "/books/{projection}/diff", .ledger, roles: historyReaders,
      "The rows in which two points of a book's history differ, and the events that changed them.",
      "Counts as a replay. Pages keep their order where `from` and `to` are positions; the answer names them."),
    .init(
      "explainBook", "GET", ledger + "/books/{projection}/explain", .ledger, roles: historyReaders,
      "The events behind rows of a book.",
      "Besides the parameters below it takes the table's key columns, at least one: `?day=2026-11-20&operation=search`. "
        + "A column that ends in `_token` takes a person by the producer's name too. Counts as a replay."),
  ]
}
