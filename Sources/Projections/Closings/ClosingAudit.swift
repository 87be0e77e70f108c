import Domain
public import Postgres

/// Checks what was claimed of the books when months were closed, by replaying each book to the claimed position.
public enum ClosingAudit {
  /// What became of one claim.
  public enum Outcome: String, Sendable {
    /// The replay gives the claimed digest.
    case same
    /// It gives another one: the claim was wrong, or the log is another now.
    case different
    /// The book has another version now, which cannot tell.
    case otherVersion = "other version"
    /// There is no such book any more.
    case missing
  }

  /// One claim about one book.
  public struct Claim: Sendable, Equatable {
    /// The month.
    public var period: String
    /// The position of `period.closed`.
    public var closedAt: Int64
    /// The position that it is about.
    public var position: Int64
    /// The book.
    public var book: String
    /// The claimed digest, lower-case hex.
    public var claimed: String
    /// The version that it was made by, where it says so.
    public var version: String?
    /// The digest of the replay; nil where it could not be made.
    public var found: String?
    /// What became of it.
    public var outcome: Outcome
  }

  /// Replays every claim of a ledger, the earliest first.
  ///
  /// - Parameters:
  ///   - books: Reads the books of the database that the settings lead to.
  ///   - period: Only this month, `YYYY-MM`; nil: all.
  ///   - seen: Shown each claim as it is checked.
  /// - Throws: what the replay of a book throws, and what Postgres answers.
  public static func run(
    _ settings: ConnectionSettings, books: BookQueries, ledger: String, period: String? = nil,
    seen: (Claim) -> Void = { _ in }
  ) async throws -> [Claim] {
    let known = try await books.definitions()
    var claims = try read(settings, ledger: ledger).filter { period == nil || $0.period == period }
    for index in claims.indices {
      let claim = claims[index]
      guard let definition = known.first(where: { $0.name == claim.book }) else {
        claims[index].outcome = .missing
        seen(claims[index])
        continue
      }
      if let version = claim.version, version != String(definition.version) {
        claims[index].outcome = .otherVersion
      } else {
        let digest = try await books.digest(claim.book, ledger: ledger, asOf: .position(claim.position))
        claims[index].found = digest.sha256
        claims[index].outcome = digest.sha256 == claim.claimed ? .same : .different
      }
      seen(claims[index])
    }
    return claims
  }

  private static func read(_ settings: ConnectionSettings, ledger: String) throws -> [Claim] {
    let connection = try Connection(settings)
    defer { connection.close() }
    let rows = try connection.execute(
      """
      SELECT e.position, e.data FROM daybook.events e
      WHERE e.ledger_id = $1 AND e.type = 'period.closed' ORDER BY e.position
      """, [.text(ledger)])
    var claims: [Claim] = []
    for row in 0..<rows.count {
      guard let data = try? JSON(parsing: rows.json(row, 1)), let period = data["period"]?.string,
        let position = data["position"]?.integer, let books = data["books"]?.members
      else {
        throw ProjectionError(
          .defect, "the closing at position \(rows.int64(row, 0)) cannot be read: verify the log",
          position: rows.int64(row, 0))
      }
      for (book, digest) in books.sorted(by: { $0.key < $1.key }) {
        claims.append(
          Claim(
            period: period, closedAt: rows.int64(row, 0), position: position, book: book.string,
            claimed: digest.string ?? "", version: data["versions"]?[book.string]?.string, found: nil,
            outcome: .missing))
      }
    }
    return claims
  }
}
