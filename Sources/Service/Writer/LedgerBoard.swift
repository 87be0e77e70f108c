public import Control
public import Domain
import Synchronization

/// What a writer last knew, for readers that must not wait for it: head, freshness, who may ask, what is stopped, counters.
public final class LedgerBoard: Sendable {
  /// One reading of the board.
  public struct Reading: Sendable {
    /// The last position known.
    public var position: Int64 = 0
    /// The root at that position; empty until the log was first read.
    public var root: [UInt8] = []
    /// When the last event was recorded.
    public var recordedAt: Timestamp?
    /// The part of the control state at that position that readers need at once; nil until the log was first read.
    public var control: ControlExtract?
    /// How often `control` was shown anew.
    public var controlChanges: Int64 = 0
    /// When the log's head was last asked for with success; taken before asking, so never too young.
    public var freshAt: ContinuousClock.Instant?
    /// Batches committed.
    public var batches: Int64 = 0
    /// Events in them.
    public var events: Int64 = 0
    /// Repetitions answered.
    public var duplicates: Int64 = 0
    /// True while a re-rating is approved and not complete.
    public var isRerating = false
    /// Why the writer stopped for good, if it did.
    public var stopped: String?
  }

  private let reading = Mutex(Reading())

  /// The present reading.
  public var current: Reading { reading.withLock { $0 } }

  func update(_ body: (inout Reading) -> Void) { reading.withLock { body(&$0) } }
}
