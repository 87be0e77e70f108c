import Control
import Crypto
import Domain
import Postgres

/// Reads the completions that a re-rating is about from the log, page by page, and costs them anew.
///
/// What it answers depends on the log up to the re-rating's position alone, so it is the same whenever it is asked.
struct RerateReader: Sendable {
  /// Completions of one page.
  static let pageSize = 10_000

  /// A page of completions.
  struct Page: Sendable {
    /// Those whose cost changes, ascending by position.
    var adjustments: [Adjustment] = []
    /// How many were looked at.
    var examined: Int64 = 0
    /// Where the next page starts; nil where there is none.
    var next: Int64?
  }

  private let ledger: String
  private let selection: RerateSelection
  private let position: Int64
  private let book: PriceBook
  /// Was any entry corrected by then? Looking for each completion's corrections costs as much as reading it, and looking
  /// whether there is one may take a reading of the log: it is asked once.
  private let hasCorrections: Bool

  /// - Parameters:
  ///   - position: As of which position: its completions, and the corrections and prices known by then.
  ///   - book: The prices known then.
  init(
    _ connection: Connection, ledger: String, _ selection: RerateSelection, position: Int64, book: PriceBook
  ) throws {
    self.ledger = ledger
    self.selection = selection
    self.position = position
    self.book = book
    hasCorrections = try connection.execute(
      """
      SELECT EXISTS (
        SELECT FROM daybook.events
        WHERE ledger_id = $1 AND position <= $2 AND type IN ('entry.reversed', 'cost.restated', 'entry.adjusted'))
      """, [.text(ledger), .int64(position)]
    ).boolean(0, 0)
  }

  /// Adds up everything that is selected, and hashes the list of calls.
  func proposal(on connection: Connection) throws -> RerateProposal {
    var proposal = RerateProposal(position: position)
    var hasher = SHA256Hasher()
    var after: Int64? = 0
    while let start = after {
      let page = try page(after: start, on: connection)
      proposal.examined += page.examined
      for adjustment in page.adjustments {
        proposal.add(adjustment)
        hasher.update(Array(adjustment.listed.utf8))
      }
      after = page.next
    }
    proposal.digest = Hex.string(hasher.finalize())
    return proposal
  }

  /// The completions after a position, `pageSize` at most.
  func page(after start: Int64, on connection: Connection) throws -> Page {
    let rows = try connection.execute(
      hasCorrections ? Self.corrected : Self.plain,
      [
        .text(ledger), .int64(start), .int64(position), Self.text(selection.model), Self.text(selection.provider),
        Self.text(selection.operation), Self.text(selection.from?.description), Self.text(selection.to?.description),
        .int64(Int64(Self.pageSize)),
      ])
    var page = Page(examined: Int64(rows.count))
    for row in 0..<rows.count {
      if let adjustment = try adjustment(rows, row) { page.adjustments.append(adjustment) }
    }
    if rows.count == Self.pageSize { page.next = rows.int64(rows.count - 1, 0) }
    return page
  }

  private static func text(_ text: String?) -> Parameter { text.map { .text($0) } ?? .null }

  private func adjustment(_ rows: Rows, _ row: Int) throws -> Adjustment? {
    var last: (sequence: Int64, booked: Money?)?
    if !rows.isNull(row, 4) {
      // What a person restated by an invoice is not computed over again, and what is reversed is booked no more.
      guard rows.string(row, 5) == "entry.adjusted" else { return nil }
      let after = try rows.optionalJSON(row, 6).map { try JSONDocument($0).root }
      last = (rows.int64(row, 4), after.flatMap { Money($0) })
    }
    return Adjustment(
      position: rows.int64(row, 0), data: try JSONDocument(rows.json(row, 1)).root,
      derived: try JSONDocument(rows.json(row, 2)).root,
      occurredAt: Timestamp(microseconds: rows.timestamp(row, 3)), last: last, book: book)
  }

  private static let plain = """
    SELECT e.position, e.data, e.derived, e.occurred_at, NULL::bigint, NULL::text, NULL::jsonb
    FROM daybook.events e
    \(condition)
    """
  private static let corrected = """
    SELECT e.position, e.data, e.derived, e.occurred_at, c.sequence, c.type, c.derived -> 'after'
    FROM daybook.events e
    LEFT JOIN LATERAL (
      SELECT sequence, type, derived FROM daybook.events
      WHERE ledger_id = $1 AND subject = 'entry/' || e.position AND position <= $3
      ORDER BY sequence DESC LIMIT 1) c ON true
    \(condition)
    """
  private static let condition = """
    WHERE e.ledger_id = $1 AND e.position > $2 AND e.position <= $3 AND e.type = 'completion.recorded'
      AND ($4::text IS NULL OR e.data ->> 'model' = $4) AND ($5::text IS NULL OR e.data ->> 'provider' = $5)
      AND ($6::text IS NULL OR e.data ->> 'operation' = $6)
      AND ($7::text IS NULL OR e.derived ->> 'posting_date' COLLATE "C" >= $7)
      AND ($8::text IS NULL OR e.derived ->> 'posting_date' COLLATE "C" <= $8)
    ORDER BY e.position LIMIT $9
    """
}
