import Domain
import Foundation
import Notary
import Postgres
import Projections
import Synchronization

/// Reads the books' state, at most once in a while however many ask.
final class BookStatuses: Sendable {
  /// Readiness fails when a book is further behind than this.
  static let lagBound = 30.0
  private static let lifetime = Duration.milliseconds(500)

  private let pool: ConnectionPool
  private let last = Mutex<(statuses: [BookStatus], at: ContinuousClock.Instant)?>(nil)

  private let lastNotaries = Mutex<(statuses: [NotaryStatus], at: ContinuousClock.Instant)?>(nil)

  init(_ pool: ConnectionPool) { self.pool = pool }

  /// The state of every book of every ledger, half a second old at most.
  func read() async throws -> [BookStatus] {
    if let last = last.withLock({ $0 }), ContinuousClock.now - last.at < Self.lifetime { return last.statuses }
    let asked = ContinuousClock.now
    let statuses = try await pool.withConnection { try BookStatus.read($0) }
    last.withLock { $0 = (statuses, asked) }
    return statuses
  }

  /// How far each ledger is signed, half a second old at most.
  func notaries() async throws -> [NotaryStatus] {
    if let last = lastNotaries.withLock({ $0 }), ContinuousClock.now - last.at < Self.lifetime {
      return last.statuses
    }
    let asked = ContinuousClock.now
    let statuses = try await pool.withConnection { try NotaryStatus.read($0) }
    lastNotaries.withLock { $0 = (statuses, asked) }
    return statuses
  }

  /// What is out of bounds, in words; empty when all is well.
  func late() async throws -> [String] {
    try await read().compactMap { status in
      let book = "\(status.projection) of \(status.ledger)"
      if let fault = status.fault { return "\(book) stopped at position \(fault.position)" }
      if status.lagSeconds > Self.lagBound { return "\(book) is \(Int(status.lagSeconds)) s behind" }
      return nil
    }
  }
}
