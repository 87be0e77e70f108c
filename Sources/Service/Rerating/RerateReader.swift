import Control
import Crypto
import Domain
import Foundation
import Postgres

/// Reads the completions that a re-rating is about from the log, page by page, and costs them anew.
///
/// What it answers depends on the log up to the re-rating's position alone, so it is the same whenever it is asked, and
/// pages can be read by several connections at a time.
struct RerateReader: Sendable {
  /// Positions of one page.
  static let pageSize: Int64 = 4_000
  /// Pages that are read at a time, at most, each on a connection: most of the work is to make and to read rows, one here and
  /// one there.
  static let pagesAtOnce = max(1, min(4, 2 * ProcessInfo.processInfo.activeProcessorCount))

  /// A page of completions.
  struct Page: Sendable {
    /// Which page of the log it is, from 0.
    var number: Int
    /// Those whose cost changes, ascending by position.
    var adjustments: [Adjustment] = []
    /// How many were looked at.
    var examined: Int64 = 0
    /// The lines of the list that an approval is bound to.
    var list: [UInt8] = []
  }

  private let pool: ConnectionPool
  private let ledger: String
  private let selection: RerateSelection
  private let position: Int64
  private let book: PriceBook
  /// Was any entry corrected by then, or may it have been adjusted? Looking for each completion's corrections costs as much
  /// as reading it, so it is asked once whether there are any.
  private let hasCorrections: Bool

  /// - Parameters:
  ///   - position: As of which position: its completions, and the corrections and prices known by then.
  ///   - book: The prices known then.
  init(
    _ pool: ConnectionPool, ledger: String, _ selection: RerateSelection, position: Int64, book: PriceBook
  ) async throws {
    self.pool = pool
    self.ledger = ledger
    self.selection = selection
    self.position = position
    self.book = book
    hasCorrections = try await pool.withConnection { connection in
      try connection.execute(
        """
        SELECT EXISTS (
          SELECT FROM daybook.events
          WHERE ledger_id = $1 AND position <= $2 AND type IN ('entry.reversed', 'cost.restated', 'rerate.approved'))
        """, [.text(ledger), .int64(position)]
      ).boolean(0, 0)
    }
  }

  /// Adds up everything that is selected, and hashes the list of calls: as a whole for the approval, and page by page.
  func proposal() async throws -> (proposal: RerateProposal, pages: [[UInt8]]) {
    var proposal = RerateProposal(position: position)
    var hasher = SHA256Hasher()
    var pages: [[UInt8]] = []
    try await read(from: 0, isPreparing: false) { page in
      proposal.examined += page.examined
      for adjustment in page.adjustments { proposal.add(adjustment) }
      hasher.update(page.list)
      pages.append(SHA256Digest.hash(page.list))
    }
    proposal.digest = Hex.string(hasher.finalize())
    return (proposal, pages)
  }

  /// Hands over page after page in order, while the next ones are read.
  ///
  /// - Parameters:
  ///   - first: The number of the first page.
  ///   - isPreparing: Are the adjustments to be written? What they conclude is made beforehand then.
  func read(from first: Int, isPreparing: Bool, _ take: (Page) async throws -> Void) async throws {
    let end = Int((position + Self.pageSize - 1) / Self.pageSize)
    try await withThrowingTaskGroup(of: Page.self) { group in
      var (asked, due) = (first, first)
      var waiting: [Int: Page] = [:]
      while due < end {
        while asked < min(end, due + Self.pagesAtOnce) {
          let number = asked
          group.addTask { try await pool.withConnection { try page(number, isPreparing: isPreparing, on: $0) } }
          asked += 1
        }
        guard let page = waiting.removeValue(forKey: due) else {
          if let read = try await group.next() { waiting[read.number] = read }
          continue
        }
        due += 1
        try await take(page)
      }
    }
  }

  /// The number of the page that a position is on.
  static func page(of position: Int64) -> Int { Int((position - 1) / pageSize) }

  private func page(_ number: Int, isPreparing: Bool, on connection: Connection) throws -> Page {
    let start = Int64(number) * Self.pageSize
    let rows = try connection.execute(
      Self.select(correctedToo: hasCorrections, derivedToo: isPreparing),
      [
        .text(ledger), .int64(start), .int64(position), Self.text(selection.model), Self.text(selection.provider),
        Self.text(selection.operation), Self.text(selection.from?.description), Self.text(selection.to?.description),
        .int64(min(start + Self.pageSize, position)),
      ])
    var page = Page(number: number, examined: Int64(rows.count))
    for row in 0..<rows.count {
      guard let adjustment = try adjustment(rows, row, isPreparing: isPreparing) else { continue }
      adjustment.appendListed(to: &page.list)
      page.adjustments.append(adjustment)
    }
    return page
  }

  private static func text(_ text: String?) -> Parameter { text.map { .text($0) } ?? .null }

  private func adjustment(_ rows: Rows, _ row: Int, isPreparing: Bool) throws -> Adjustment? {
    // What a person restated by an invoice is not computed over again, and what is reversed is booked no more.
    if !rows.isNull(row, 7), rows.string(row, 7) != "entry.adjusted" { return nil }
    guard let day = CivilDate(rows.string(row, 3)) else { return nil }
    var booked: Money?
    if !rows.isNull(row, 4), let amount = Amount(rows.string(row, 4)), let currency = Currency(rows.string(row, 5)) {
      booked = Money(amount, currency)
    }
    let data = try JSONDocument(rows.json(row, 1)).root
    var adjustment = Adjustment(
      position: rows.int64(row, 0), data: data, booked: booked, day: day,
      occurredAt: Timestamp(microseconds: rows.timestamp(row, 2)), sequence: rows.int64(row, 6), book: book)
    if isPreparing { adjustment?.prepare(data: data, derived: try JSONDocument(rows.json(row, 8)).root) }
    return adjustment
  }

  /// What is derived of a completion is long, and asked for as a whole only where it is written again.
  private static func select(correctedToo: Bool, derivedToo: Bool) -> String {
    let booked =
      correctedToo ? "CASE WHEN c.type IS NULL THEN e.derived -> 'cost' ELSE c.after END" : "e.derived -> 'cost'"
    return """
      SELECT e.position, e.data, e.occurred_at, e.derived ->> 'posting_date', \(booked) ->> 'amount',
        \(booked) ->> 'currency', \(correctedToo ? "coalesce(c.sequence, 0), c.type" : "0::bigint, NULL::text"),
        \(derivedToo ? "e.derived" : "NULL::jsonb")
      FROM daybook.events e
      \(correctedToo ? corrections : "")
      \(condition)
      """
  }

  private static let corrections = """
    LEFT JOIN LATERAL (
      SELECT sequence, type, derived -> 'after' AS after FROM daybook.events
      WHERE ledger_id = $1 AND subject = 'entry/' || e.position AND position <= $3
      ORDER BY sequence DESC LIMIT 1) c ON true
    """
  private static let condition = """
    WHERE e.ledger_id = $1 AND e.position > $2 AND e.position <= $9 AND e.type = 'completion.recorded'
      AND ($4::text IS NULL OR e.data ->> 'model' = $4) AND ($5::text IS NULL OR e.data ->> 'provider' = $5)
      AND ($6::text IS NULL OR e.data ->> 'operation' = $6)
      AND ($7::text IS NULL OR e.derived ->> 'posting_date' COLLATE "C" >= $7)
      AND ($8::text IS NULL OR e.derived ->> 'posting_date' COLLATE "C" <= $8)
    ORDER BY e.position
    """
}
