import Control
import Crypto
import Domain
import HTTP
import Integrity
import Log
import Notary
import Postgres
import Projections

extension API {
  /// Months: the last position that posted to each, and what closed it.
  func listPeriods(_ call: Call) async throws -> HTTPResponse {
    try QueryReader(call.request, allowed: []).finish()
    let body = try await registry.writer(call.ledger).look { memory -> JSON in
      let state = memory.state
      let closings = Dictionary(state.closings.map { ($0.month, $0) }) { first, _ in first }
      let postings = Dictionary(state.lastPostings.map { ($0.month, $0.position) }) { first, _ in first }
      let months = Set(closings.keys).union(postings.keys).sorted()
      return .object([
        "position": .integer(memory.position), "closed_through": state.closedThrough.map { .text($0.description) },
        "first_open": state.firstOpenDay.map { .text($0.description) },
        "periods": .array(
          months.map { month in
            Self.row(
              month, closings[month], postings[month], isClosed: state.closedThrough.map { month <= $0 } ?? false)
          }),
      ])
    }
    return .json(200, body.canonical)
  }

  private static func row(
    _ month: AccountingMonth, _ closing: PeriodClosing?, _ posted: Int64?, isClosed: Bool
  ) -> JSON {
    .object([
      "period": .text(month.description), "state": .text(isClosed ? "closed" : "open"),
      "last_posting": posted.map { .integer($0) }, "claimed_position": closing.map { .integer($0.position) },
      "root": closing.map { .text($0.root) }, "books": closing?.books,
      "closed_at": closing.map { .integer($0.closedAt) },
      "closed_time": closing.map { .text($0.recordedAt.description) },
      "granted_by": closing.map { .text($0.owner) }, "requested_by": closing?.requestedBy.map { .text($0) },
      "reopened_at": closing?.reopenedAt.map { .integer($0) },
    ])
  }

  /// Claims what the books say at the newest checkpoint that covers the month, and asks to close it.
  func closePeriod(_ call: Call) async throws -> HTTPResponse {
    let body = try call.body()
    let period = call.parameter("period")
    guard let month = AccountingMonth(period) else {
      throw RequestFault(.notFound, detail: "A period is a month, YYYY-MM.")
    }
    let claim = try await claim(month, in: call.ledger)
    let command = try CommandCatalogue.change(.closePeriod, body, name: period, computed: claim)
    return try await run(command, call, in: call.ledger) { answer in
      Self.outcome(of: answer) + [("claim", claim)]
    }
  }

  /// What is claimed of a month: `{position, root, books, versions}`.
  private func claim(_ month: AccountingMonth, in ledger: String) async throws -> JSON {
    let (last, canClose) = try await registry.writer(ledger).look { memory -> (Int64, Bool) in
      let zone = memory.state.settings.map { ReportingZones.table($0.timeZone) } ?? .utc
      let isOver = zone.date(of: .now) > month.lastDay
      return (memory.state.lastPosting(upTo: month), isOver && memory.state.closedThrough.map { month > $0 } ?? true)
    }
    // What the ledger will refuse needs no replay.
    guard canClose else { return Self.claim(max(last, 1), root: [UInt8](repeating: 0, count: 32), []) }
    let (position, root) = try await covering(last, in: ledger)
    var digests: [BookDigest] = []
    for book in try await books.definitions() where ClosingBooks.names.contains(book.name) {
      digests.append(try await books.digest(book.name, ledger: ledger, asOf: .position(position)))
    }
    return Self.claim(position, root: root, digests)
  }

  private static func claim(_ position: Int64, root: [UInt8], _ digests: [BookDigest]) -> JSON {
    func map(_ value: (BookDigest) -> String) -> JSON {
      .object(Dictionary(digests.map { (ExactText($0.projection), .text(value($0))) }) { first, _ in first })
    }
    return .object([
      "position": .integer(position), "root": .text(Hex.string(root)), "books": map(\.sha256),
      "versions": map { String($0.version) },
    ])
  }

  /// The newest checkpoint at or behind a position, waited for a while; the head where nothing was ever signed.
  private func covering(_ position: Int64, in ledger: String) async throws -> (position: Int64, root: [UInt8]) {
    let deadline = ContinuousClock.now + Self.receiptPatience
    while true {
      let newest = try await readers.withConnection {
        try PublishedLog($0, ledger: ledger).checkpoint(cosignatures: 0)?.checkpoint
      }
      guard let newest else {
        return try await registry.writer(ledger).look { ($0.position, $0.edge.root) }
      }
      if newest.size >= position { return (newest.size, newest.root) }
      guard ContinuousClock.now < deadline else {
        throw PublishedLog.NoProof.notYetSigned(newest.size)
      }
      try await Task.sleep(for: .milliseconds(100))
    }
  }
}
