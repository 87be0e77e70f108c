import Archive
import Domain
import Postgres
import Projections

/// The part of `daybook verify` that holds the books against the log.
struct VerifyBooks: Sendable {
  /// How much of a book is compared.
  enum Extent: String, CaseIterable, Sendable {
    case none
    /// The sums that the book's `reconcile.sql` names.
    case totals
    /// Also the digest of every row, against that of a replay of the log to the book's position.
    case full
  }

  private let extent: Extent
  private let settings: ConnectionSettings
  private let invocation: Invocation

  /// Time for the replay of one book: an auditor waits.
  private static let replayBound: Duration = .seconds(6 * 3600)

  init(_ invocation: Invocation) throws {
    self.invocation = invocation
    extent = invocation["--books"].flatMap { Extent(rawValue: $0) } ?? .totals
    settings = ConnectionSettings(url: try invocation.database(), applicationName: "daybook verify")
  }

  /// Compares, and adds to the report what differs.
  func compare(_ report: inout VerificationReport) async throws {
    guard extent != .none else { return }
    do {
      try await compareTotals(&report)
      if extent == .full { try await compareRows(&report) }
    } catch let error as PostgresError {
      guard error.sqlState == "42501" else { throw error }
      throw UsageError(
        "comparing books takes a login that may act as daybook_projector; else give --books none", invocation.command)
    }
    report.sort()
  }

  /// What the comparison of sums came to.
  private struct Totals: Sendable {
    var books: [String] = []
    var differences: [BookDifference] = []
    /// The SQLSTATE that kept them from being compared.
    var fault: String?
  }

  private static func totals(_ settings: ConnectionSettings, _ ledger: String) throws -> Totals {
    let connection = try Connection(settings)
    defer { connection.close() }
    connection.callTimeout = nil
    var totals = Totals()
    totals.books = try BookDifference.compared(connection, ledger: ledger)
    do {
      totals.differences = try BookDifference.reconcile(connection, ledger: ledger)
    } catch let error as PostgresError {
      guard error.code == .server, error.sqlState != "42501" else { throw error }
      // The message may hold a value of the log.
      totals.fault = error.sqlState ?? "no state"
    }
    return totals
  }

  private func compareTotals(_ report: inout VerificationReport) async throws {
    let (settings, ledger) = (settings, report.ledger)
    let totals = try await blocking { try Self.totals(settings, ledger) }
    report.books = totals.books
    if totals.books.isEmpty { report.notices.append("no book is posted from this log: none was compared") }
    if let fault = totals.fault {
      report.find(.book, 0, "the books cannot be compared with the log: Postgres answers \(fault)")
    }
    for difference in totals.differences {
      report.find(
        .book, difference.position,
        """
        \(difference.projection): \(difference.measure) is \(difference.book) in the book, \(difference.log) in the log
        """)
    }
  }

  private func compareRows(_ report: inout VerificationReport) async throws {
    var limits = BookLimits()
    (limits.statementTimeout, limits.replayTimeout) = (Self.replayBound, Self.replayBound)
    let catalogue = try ProjectionCatalogue.load(extraFolders: [])
    let books = BookQueries(settings, catalogue: catalogue, limits: limits)
    defer { Task { await books.close() } }
    for book in report.books {
      let live = try await books.digest(book, ledger: report.ledger)
      let replayed: BookDigest
      do {
        replayed = try await books.digest(book, ledger: report.ledger, asOf: .position(live.position))
      } catch let error as ProjectionError {
        guard error.code == .stopped || error.code == .defect else { throw error }
        report.find(.book, live.position, "\(book): the log cannot be posted again: \(error)")
        continue
      }
      if live.sha256 != replayed.sha256 {
        report.find(
          .book, live.position,
          "\(book): its rows (\(live.rows)) are not those that the log gives up to this position (\(replayed.rows))")
      }
    }
  }
}
