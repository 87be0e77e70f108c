import Domain
import Postgres

/// Posts one ledger into one build step by step: batch after batch, bisecting where one fails, standing still in front
/// of an event that cannot be posted.
struct LedgerPoster {
  /// What one step did.
  enum Step: Equatable {
    /// Nothing to post up to the target.
    case idle
    /// Posted this many events.
    case moved(Int64)
    /// Nothing posted, but worth another step at once: a failed batch is being narrowed down.
    case narrowed
    /// Stands in front of an event that cannot be posted.
    case stopped(BookStatus.PostingFault)
    /// The cursor is not where it was: the build was swapped away, or somebody else posts it.
    case lost
  }

  /// After a batch that took less, the next one may have twice as many events. Long enough for a book with a row for each
  /// user, which takes as long for the rows as for ten thousands of events: in many small batches it never catches up.
  static let quick = Duration.seconds(2)

  let batch: BatchPost
  private(set) var position: Int64
  /// The fault that the database knows, or that was found.
  private(set) var fault: BookStatus.PostingFault?
  private var limit: Int64
  private let smallest: Int64
  private let largest: Int64
  /// End of a batch that failed: nothing beyond it is touched before the event is found.
  private var suspect: Int64?
  /// When the faulty event may be tried again: at first at once, for a restart may have mended it.
  private var retryAt: ContinuousClock.Instant?

  /// Starts at a cursor. `largest` above `smallest` lets batches grow while they stay quick.
  init(
    _ batch: BatchPost, position: Int64, fault: BookStatus.PostingFault? = nil, smallest: Int64, largest: Int64
  ) {
    self.batch = batch
    self.position = position
    self.fault = fault
    self.limit = smallest
    self.smallest = smallest
    self.largest = max(smallest, largest)
  }

  /// Takes one step towards `target`.
  mutating func step(to target: Int64, on connection: Connection) throws -> Step {
    guard position < target else { return .idle }
    if let fault, fault.position == position + 1 {
      if try BatchPost.isSkipped(fault.position, of: batch.build.definition, ledger: batch.ledger, on: connection) {
        return try skipOver(fault.position, on: connection)
      }
      if let retryAt, ContinuousClock.now < retryAt { return .stopped(fault) }
      limit = 1
      suspect = fault.position
    }
    let ceiling = min(target, position + limit, suspect ?? .max, batch.snapshots.next(after: position))
    let started = ContinuousClock.now
    do {
      guard try batch.post(position, ceiling, clearingFault: fault != nil, on: connection) else { return .lost }
    } catch let error as PostgresError {
      return try narrow(ceiling, after: error, on: connection)
    }
    return moved(to: ceiling, in: ContinuousClock.now - started)
  }

  private mutating func moved(to ceiling: Int64, in time: Duration) -> Step {
    let count = ceiling - position
    position = ceiling
    fault = nil
    retryAt = nil
    if let end = suspect, position >= end {
      suspect = nil
      limit = smallest
    } else if suspect == nil, count == limit, time < Self.quick {
      limit = min(largest, limit * 2)
    }
    return .moved(count)
  }

  private mutating func skipOver(_ event: Int64, on connection: Connection) throws -> Step {
    guard try batch.skip(event, on: connection) else { return .lost }
    return moved(to: event, in: .zero)
  }

  /// After a failed batch: a smaller one next time, or the verdict on the one event that is left.
  private mutating func narrow(
    _ ceiling: Int64, after error: PostgresError, on connection: Connection
  ) throws -> Step {
    if error.isTransient {
      limit = max(1, (ceiling - position) / 2)
      throw error
    }
    if ceiling - position > 1 {
      suspect = ceiling
      limit = (ceiling - position) / 2
      return .narrowed
    }
    if try BatchPost.isSkipped(ceiling, of: batch.build.definition, ledger: batch.ledger, on: connection) {
      return try skipOver(ceiling, on: connection)
    }
    var shown = error
    if try batch.failsOnNothing(at: position, on: connection) {
      shown.message = "the fold fails whatever the event: " + error.message
    }
    let since = try batch.record(shown, at: ceiling, on: connection)
    let found = BookStatus.PostingFault(
      version: batch.build.version, position: ceiling, sqlState: shown.state, message: shown.message,
      since: Timestamp(microseconds: since))
    fault = found
    // A look for the skip costs little and is taken at every step; the event itself is tried again now and then.
    retryAt = ContinuousClock.now + .seconds(30)
    return .stopped(found)
  }
}
