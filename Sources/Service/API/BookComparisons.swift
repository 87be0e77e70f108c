import Log
import Postgres
import Projections
import Synchronization

/// Compares the books with the log now and then, behind the metrics.
///
/// A comparison reads the whole log. So it runs when somebody looks at the metrics, one at a time, never twice for the
/// same head, and rests far longer than it took.
final class BookComparisons: Sendable {
  /// The shortest time from one comparison to the next.
  static let interval = Duration.seconds(600)
  /// How many times as long as a comparison took the next one waits: two hundredths of one processor at most.
  static let rest = 50

  /// What the last comparison of a ledger found.
  struct Findings: Sendable {
    /// The head when it began.
    var head: Int64
    /// Sums that differ, by book; a book that is not there agrees.
    var differences: [String: Int]
    /// What the book `reconciliation` has beyond its default tolerance; nil where it could not be asked.
    var beyondTolerance: Int?
  }

  private struct State {
    var findings: [String: Findings] = [:]
    var isRunning = false
    var notBefore = ContinuousClock.now
  }

  private let pool: ConnectionPool
  private let books: BookQueries
  private let state = Mutex(State())

  /// Makes it; `settings` are a login that is a member of `daybook_projector`, which alone sees both sides.
  init(_ settings: ConnectionSettings, _ books: BookQueries) {
    var settings = settings
    settings.applicationName = "daybook comparison"
    pool = ConnectionPool(settings, size: 1)
    self.books = books
  }

  /// What the last comparisons found, by ledger; begins another one in the background where it is due.
  func findings(of heads: [String: Int64]) -> [String: Findings] {
    let (found, isDue) = state.withLock { state in
      let isNew = heads.contains { state.findings[$0.key]?.head != $0.value }
      let isDue = isNew && !state.isRunning && ContinuousClock.now >= state.notBefore
      if isDue { state.isRunning = true }
      return (state.findings, isDue)
    }
    if isDue { Task { await compare(heads) } }
    return found
  }

  private func compare(_ heads: [String: Int64]) async {
    let started = ContinuousClock.now
    for (ledger, head) in heads.sorted(by: { $0.key < $1.key })
    where state.withLock({ $0.findings[ledger]?.head }) != head {
      // What cannot be compared now is compared the next time.
      guard let differences = try? await differences(of: ledger) else { continue }
      let beyondTolerance = try? await beyondTolerance(in: ledger)
      state.withLock {
        $0.findings[ledger] = Findings(head: head, differences: differences, beyondTolerance: beyondTolerance)
      }
    }
    let took = ContinuousClock.now - started
    state.withLock {
      $0.isRunning = false
      $0.notBefore = ContinuousClock.now + max(Self.interval, took * Self.rest)
    }
  }

  private func differences(of ledger: String) async throws -> [String: Int] {
    let found = try await pool.withConnection { connection in
      connection.callTimeout = .seconds(600)
      return try BookDifference.reconcile(connection, ledger: ledger)
    }
    return found.reduce(into: [:]) { $0[$1.projection, default: 0] += 1 }
  }

  private func beyondTolerance(in ledger: String) async throws -> Int {
    let request = BookRequest(ledger: ledger, projection: "reconciliation", query: "differences")
    return try await books.bytes(request, as: .ndjson).count { $0 == UInt8(ascii: "\n") }
  }
}
