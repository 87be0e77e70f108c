public import Domain
import Log

/// What waits for the writer of a ledger.
struct Submission: Sendable {
  enum Work: Sendable {
    /// Facts, all or nothing.
    case facts([EventDraft])
    /// A command.
    case command(CommandRequest)
    /// Adjustments of a re-rating; those whose entries moved on are left out.
    case adjustments(AdjustmentBatch)
    /// A look at the memory, caught up with the log.
    case look(@Sendable (LedgerMemory) -> Void)
  }
  var work: Work
  var principal: Principal
  /// For the queue's bounds.
  var bytes: Int
  /// Called once, off the writer's critical path.
  var answer: @Sendable (Result<AppendAnswer, WriteError>) -> Void

  /// Events that the submission may add, for the bounds of queue and batch.
  var weight: Int {
    switch work {
    case .facts(let drafts): drafts.count
    case .adjustments(let batch): batch.adjustments.count
    case .command: 1
    case .look: 0
    }
  }
}

/// What the writer answers once the events are durable.
public struct AppendAnswer: Sendable {
  /// One receipt for each event, in the order asked.
  public var receipts: [AppendReceipt]
  /// The log's head when the batch was committed.
  public var position: Int64
  /// The RFC 6962 root of all events up to `position`.
  public var root: [UInt8]
  /// The events themselves, for commands only.
  public var events: [RecordedEvent] = []
}

/// Where one event stands.
public struct AppendReceipt: Sendable, Equatable {
  /// The event's id.
  public var id: String
  /// Its place in the log.
  public var position: Int64
  /// Its place within its subject.
  public var sequence: Int64
  /// When it was recorded.
  public var recordedAt: Timestamp
  /// True where the same event was there already.
  public var duplicate: Bool
}
