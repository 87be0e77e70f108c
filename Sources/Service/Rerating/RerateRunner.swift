import Control
import Crypto
import Domain
import Foundation
import Log
import Postgres

/// Writes the adjustments of re-ratings that were approved: a job that goes on where it was left, whoever ends it.
///
/// How far it is stands in the control state, folded from the adjustments themselves, so nothing besides the log is kept.
/// Several processes may run it: what one has written, the others leave out.
struct RerateRunner {
  /// How often the boards are looked at.
  static let interval = Duration.milliseconds(250)
  /// How long a failed attempt rests where the database is away, or the writer's queue is full.
  static let rest = Duration.seconds(2)
  /// How long it rests where the log does not give the list that was approved: a whole reading of it for each attempt.
  static let longRest = Duration.seconds(600)

  private let registry: LedgerRegistry
  private let pool: ConnectionPool

  /// - Parameter reading: How to connect, with the right to read the log.
  init(_ registry: LedgerRegistry, reading: ConnectionSettings) {
    self.registry = registry
    var own = reading
    own.applicationName = "daybook rerating"
    pool = ConnectionPool(own, size: RerateReader.pagesAtOnce)
  }

  /// Looks after the re-ratings of every ledger until cancelled.
  func run() async {
    await adopt()
    var resting: [String: ContinuousClock.Instant] = [:]
    while !Task.isCancelled {
      for writer in registry.writers where writer.board.current.isRerating {
        if let until = resting[writer.ledger], until > .now { continue }
        do { try await advance(writer) } catch {
          let isLost = (error as? WriteError)?.code == .corrupt
          resting[writer.ledger] = .now + (isLost ? Self.longRest : Self.rest)
        }
      }
      try? await Task.sleep(for: Self.interval)
    }
    await pool.close()
  }

  /// Asks for the writers of ledgers whose re-ratings another process left behind.
  private func adopt() async {
    let ledgers = try? await pool.withConnection { connection in
      let rows = try connection.execute(
        """
        SELECT DISTINCT a.ledger_id FROM daybook.events a
        WHERE a.type = 'rerate.approved' AND NOT EXISTS (
          SELECT FROM daybook.events c
          WHERE c.ledger_id = a.ledger_id AND c.subject = a.subject AND c.type = 'rerate.completed')
        """)
      return (0..<rows.count).map { rows.string($0, 0) }
    }
    for ledger in ledgers ?? [] {
      let writer = try? registry.make(ledger)
      _ = try? await writer?.look { $0.position }
    }
  }

  /// Carries the oldest re-rating of a ledger to its end.
  private func advance(_ writer: LedgerWriter) async throws {
    guard let rerate = try await writer.look({ $0.state.openRerates.first }) else { return }
    let ledger = writer.ledger
    let reader = try await RerateReader(
      pool, ledger: ledger, rerate.selection, position: rerate.position, book: rerate.book)
    let approved = try await pages(of: rerate, reader)
    let first = rerate.through == 0 ? 0 : RerateReader.page(of: rerate.through)
    try await reader.read(from: first, isPreparing: true) { page in
      try Task.checkCancellation()
      guard SHA256Digest.hash(page.list) == approved[page.number] else { throw Self.isAnother(rerate) }
      if page.adjustments.isEmpty { return }
      try await writer.adjust(AdjustmentBatch(rerate: rerate.id, adjustments: page.adjustments))
    }
    _ = try await writer.command(
      .completeRerate(rerate.id), by: .system, key: "rerate-\(rerate.id)", request: "", freshID: FreshID.next())
  }

  /// What each page of the list that was approved hashes to. Where this process did not make the list itself, all of it is
  /// computed again, and must be the one that was approved.
  private func pages(of rerate: Rerate, _ reader: RerateReader) async throws -> [[UInt8]] {
    if let known = registry.proposals.pages(of: rerate.digest, at: rerate.position) { return known }
    let (found, pages) = try await reader.proposal()
    guard found.digest == rerate.digest else { throw Self.isAnother(rerate) }
    registry.proposals.keep(pages, of: found)
    return pages
  }

  private static func isAnother(_ rerate: Rerate) -> WriteError {
    WriteError(.corrupt, "the calls of the re-rating \(rerate.id) are not those that were approved")
  }
}
