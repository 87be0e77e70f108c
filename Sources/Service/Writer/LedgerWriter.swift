public import Control
import Crypto
public import Domain
public import Log
public import Postgres
import Synchronization

/// The one writer of a ledger in this process: gathers what waits, decides it under the ledger's lock and commits it together.
///
/// There is no timer: an idle writer commits at once; while one batch is made durable the next one gathers. Other processes may
/// write the same ledger; the lock serialises them, and what they wrote is read before anything is decided.
public actor LedgerWriter {
  /// The ledger.
  public nonisolated let ledger: String
  nonisolated let queue: SubmissionQueue
  nonisolated let limits: WriterLimits
  nonisolated let board: LedgerBoard
  let settings: ConnectionSettings
  let zones: @Sendable (String) -> ReportingZone
  let committed: @Sendable (Int64) -> Void
  let counted: @Sendable (Int) -> Void
  let changed: @Sendable (Int64) -> Void
  let executor: QueueExecutor

  var connection: Connection?
  /// nil until read from the log, and again after a doubt about it.
  var memory: LedgerMemory?
  var zone = ReportingZone.utc
  /// Last sequences of subjects lately written to.
  let sequences: RecentCache<String, Int64>
  /// Tokens of persons lately named. Only an erasure takes a token away, so they hold until the next one in the log.
  let persons: RecentCache<PersonName, String>
  /// Batches left that look identities up; set after a unique index objected.
  var checkedBatches = 0
  var sealedAt: Int64 = 0
  /// Which version of the control state's extract the board shows; nil before it shows any of this memory.
  var publishedControl: Int?
  var snapshotAt: Int64 = 0
  let snapshots: SnapshotKeeper
  /// True while a snapshot is written: a second one waits for its turn, as the state is held once only.
  var isKeepingSnapshot = false

  /// Runs on the writer's own queue, where its blocking calls do no harm.
  public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// Makes a writer; it connects when first used.
  ///
  /// - Parameters:
  ///   - settings: How to connect; the role and the planner's settings are the writer's own.
  ///   - zones: The table of a reporting time zone by its IANA name.
  ///   - committed: Called with the new head after each commit, before the answers; must not block.
  ///   - counted: Called with the number of events of each committed batch; must not block.
  ///   - changed: Called with the board's `controlChanges` when it has grown; must not block.
  public init(
    ledger: String, settings: ConnectionSettings, limits: WriterLimits = .init(),
    zones: @escaping @Sendable (String) -> ReportingZone, committed: @escaping @Sendable (Int64) -> Void = { _ in },
    counted: @escaping @Sendable (Int) -> Void = { _ in },
    changed: @escaping @Sendable (Int64) -> Void = { _ in }
  ) {
    self.ledger = ledger
    self.limits = limits
    self.zones = zones
    self.committed = committed
    self.counted = counted
    self.changed = changed
    var own = settings
    own.role = "daybook_writer"
    own.applicationName = "daybook writer \(ledger)"
    own.parameters.merge(Self.sessionParameters) { _, ours in ours }
    self.settings = own
    queue = SubmissionQueue(limits)
    board = LedgerBoard()
    executor = QueueExecutor(label: "daybook.writer.\(ledger)")
    snapshots = SnapshotKeeper(own, ledger: ledger)
    sequences = RecentCache(generationSize: limits.cachedSubjects)
    persons = RecentCache(generationSize: limits.cachedPersons)
  }

  /// A stopped process must not keep the lock, and plans made while the log was small must not scan it when it is large.
  static let sessionParameters = [
    "idle_in_transaction_session_timeout": "5s",
    // A little more: who waits longer than that looks for a holder that no timeout ends.
    "lock_timeout": "6s",
    // The lock of a machine that vanished is free after eleven seconds; of no effect on Unix sockets.
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
    "synchronous_commit": "on",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "plan_cache_mode": "force_generic_plan",
    "jit": "off",
  ]

  /// Appends facts, all or nothing; answers once they are durable.
  public nonisolated func append(
    _ drafts: [EventDraft], by principal: Principal, bytes: Int
  ) async throws(WriteError) -> AppendAnswer {
    try await submit(.facts(drafts), by: principal, bytes: bytes)
  }

  /// Runs a command; answers once its events are durable.
  ///
  /// - Parameters:
  ///   - key: The idempotency key: its events have the ids `<key>#1…`. Of a decision, its id.
  ///   - request: Hex SHA-256 of what was asked, so that the same key with another request is a conflict.
  ///   - freshID: Randomness for ids that the command makes.
  ///   - scan: What an erasure was found to select, so that only what came since is looked for under the lock.
  public nonisolated func command(
    _ command: Command, by principal: Principal, key: String, request: String, freshID: String,
    scan: SelectorScan? = nil
  ) async throws(WriteError) -> AppendAnswer {
    try await submit(
      .command(CommandRequest(command: command, key: key, digest: request, freshID: freshID, scan: scan)),
      by: principal, bytes: 1024)
  }

  /// Writes adjustments of a re-rating that was approved; those that stand in the log already, and those whose entries moved
  /// on since it was proposed, are left out. Answers once they are durable.
  nonisolated func adjust(_ batch: AdjustmentBatch) async throws(WriteError) {
    _ = try await submit(.adjustments(batch), by: .system, bytes: batch.adjustments.count * 1_024)
  }

  /// Looks at the control state, caught up with the log at the time of asking.
  public nonisolated func look<Value: Sendable>(
    _ body: @escaping @Sendable (LedgerMemory) -> Value
  ) async throws(WriteError) -> Value {
    let box = ValueBox<Value>()
    _ = try await submit(.look { memory in box.value = body(memory) }, by: .system, bytes: 0)
    guard let value = box.value else { throw WriteError(.internalFault, "a look was answered unseen") }
    return value
  }

  private nonisolated func submit(
    _ work: Submission.Work, by principal: Principal, bytes: Int
  ) async throws(WriteError) -> AppendAnswer {
    let result: Result<AppendAnswer, WriteError> = await withCheckedContinuation { continuation in
      let submission = Submission(work: work, principal: principal, bytes: bytes) {
        continuation.resume(returning: $0)
      }
      switch queue.add(submission) {
      case .startDrain: scheduleDrain()
      case .queued: break
      case .full: submission.answer(.failure(WriteError(.overloaded, "the writer's queue is full")))
      case .closed: submission.answer(.failure(WriteError(.stopping, "the service is stopping")))
      }
    }
    return try result.get()
  }

  /// On the writer's queue at once: a task would first wake a thread that only sends it on.
  private nonisolated func scheduleDrain() {
    executor.run { self.assumeIsolated { $0.drain() } }
  }

  private func drain() {
    let batch = queue.takeBatch()
    if batch.isEmpty { return }
    process(batch)
    // Lets ticks in between, without giving up the queue.
    scheduleDrain()
  }

  /// Refuses new work, finishes what waits, seals the tail, keeps a last snapshot and closes the connection.
  public func close() async {
    queue.close()
    while queue.depth > 0 { try? await Task.sleep(for: .milliseconds(5)) }
    sealTail()
    await keepLastSnapshot()
    connection?.close()
    connection = nil
  }
}

/// A place for one value that is written before it is read, ordered by a continuation.
private final class ValueBox<Value: Sendable>: Sendable {
  private let storage = Mutex<Value?>(nil)
  var value: Value? {
    get { storage.withLock { $0 } }
    set { storage.withLock { $0 = newValue } }
  }
}
