public import Domain
public import Postgres

/// A person as the log knows one: what kind of name, and the name.
public struct PersonName: Hashable, Sendable {
  /// `user`, `session` or `customer`.
  public var kind: String
  /// The name, compared as bytes.
  public var value: ExactText
  /// Makes a name.
  public init(kind: String, value: ExactText) {
    self.kind = kind
    self.value = value
  }
}

/// The mapping from persons to the random tokens that stand for them in everything derived.
public enum PersonTokens {
  /// Asks for the tokens of those names that have one.
  ///
  /// LIMIT keeps the planner to one look into the index for each name: planned as a join while the table was young, it
  /// walked all persons and compared each with every name.
  public static func lookup(ledger: String, _ names: [PersonName]) -> Statement {
    Statement(
      """
      SELECT n.kind, n.value, p.token
      FROM unnest($2::text[], $3::text[]) n(kind, value)
      CROSS JOIN LATERAL (
        SELECT token FROM daybook.persons WHERE ledger_id = $1 AND kind = n.kind AND value = n.value LIMIT 1) p
      """,
      [.text(ledger), .texts(names.map(\.kind)), .texts(names.map(\.value.string))])
  }

  /// Reads the answer of `lookup`.
  public static func tokens(_ rows: Rows) -> [PersonName: String] {
    var tokens: [PersonName: String] = [:]
    for row in 0..<rows.count {
      let name = PersonName(kind: rows.string(row, 0), value: ExactText(rows.string(row, 1)))
      tokens[name] = rows.string(row, 2)
    }
    return tokens
  }

  /// The names that tokens stand for; those of erased persons are absent.
  public static func names(
    _ connection: Connection, ledger: String, of tokens: [String]
  ) throws(PostgresError) -> [String: String] {
    let rows = try connection.execute(
      "SELECT token, value FROM daybook.persons WHERE ledger_id = $1 AND token = ANY ($2)",
      [.text(ledger), .texts(tokens)])
    var names: [String: String] = [:]
    for row in 0..<rows.count { names[rows.string(row, 0)] = rows.string(row, 1) }
    return names
  }

  /// Keeps new tokens; runs in the transaction of the first event that uses them.
  public static func insert(ledger: String, _ tokens: [PersonName: String]) -> Statement {
    let entries = tokens.map { $0 }
    return Statement(
      """
      INSERT INTO daybook.persons (ledger_id, kind, value, token)
      SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[])
      """,
      [
        .text(ledger), .texts(entries.map(\.key.kind)), .texts(entries.map(\.key.value.string)),
        .texts(entries.map(\.value)),
      ])
  }
}
