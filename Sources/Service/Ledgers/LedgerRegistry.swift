import Domain
import Foundation
import Log
import Postgres
import Synchronization

/// The writers of this process, one for each ledger that was asked for, and what keeps them fresh.
final class LedgerRegistry: Sendable {
  /// Each ledger in use holds a connection of its own.
  static let ledgersAtMost = 64

  /// The heads of all ledgers, whoever writes them.
  let heads = HeadBoard()
  /// How often what readers need at once of each ledger's control state has changed, such as its kill switches.
  let changes = HeadBoard()
  /// What was proposed to re-rate.
  let proposals = RerateProposals()
  private let settings: ConnectionSettings
  private let limits: WriterLimits
  private let notifier: LogNotifier
  private let metrics: ServiceMetrics
  /// For what is done beside the writers, with their rights.
  private let pool: ConnectionPool
  private let state = Mutex<(writers: [String: LedgerWriter], ticking: Set<String>, isClosed: Bool)>(([:], [], false))

  init(_ settings: ConnectionSettings, limits: WriterLimits, metrics: ServiceMetrics = ServiceMetrics()) {
    self.settings = settings
    self.limits = limits
    self.metrics = metrics
    notifier = LogNotifier(settings)
    var own = settings
    own.role = "daybook_writer"
    pool = ConnectionPool(own, size: 2)
  }

  /// The writer of a ledger; made when first asked for. Whether the ledger exists shows when it is used.
  func writer(_ ledger: String) throws(WriteError) -> LedgerWriter {
    guard LedgerName.isValid(ledger) else { throw WriteError(.unknownLedger, "no such ledger") }
    let known = state.withLock { state in
      state.isClosed ? nil : state.writers[ledger]
    }
    if let known { return known }
    // A name that nobody made a ledger of must not cost a connection.
    guard ledger == "main" || ledger == "system" || heads.head(of: ledger) != nil else {
      throw WriteError(.unknownLedger, "no such ledger")
    }
    return try make(ledger)
  }

  /// The writer of a ledger that is just being made.
  func make(_ ledger: String) throws(WriteError) -> LedgerWriter {
    let result: Result<LedgerWriter, WriteError> = state.withLock { state in
      if state.isClosed { return .failure(WriteError(.stopping, "the service is stopping")) }
      if let writer = state.writers[ledger] { return .success(writer) }
      guard state.writers.count < Self.ledgersAtMost else {
        return .failure(WriteError(.overloaded, "this process serves as many ledgers as it can"))
      }
      let heads = heads
      let notifier = notifier
      let writer = LedgerWriter(
        ledger: ledger, settings: settings, limits: limits, zones: ReportingZones.table,
        committed: { position in
          heads.note([ledger: position], readAt: .now)
          notifier.announce(ledger, position)
        },
        counted: { [appends = metrics.appends[ledger], batchEvents = metrics.batchEvents[]] events in
          // A batch without events repeated what was there, or looked.
          if events == 0 { return }
          appends.add(events)
          batchEvents.observe(Int64(events))
        }, changed: { [changes] count in changes.note([ledger: count], readAt: .now) })
      state.writers[ledger] = writer
      return .success(writer)
    }
    return try result.get()
  }

  /// Makes the row of a ledger, if there is none; its writer can be asked for from then on.
  func create(_ ledger: String) async throws {
    try await pool.withConnection { try LedgerRows.create($0, ledger) }
    _ = try make(ledger)
  }

  /// Does something beside the writers, with their rights.
  func withConnection<Value: Sendable>(
    _ body: @escaping @Sendable (Connection) throws -> Value
  ) async throws -> Value {
    try await pool.withConnection(body)
  }

  /// Takes a ledger's lock and gives it back.
  func canLock(_ ledger: String, within bound: Duration) async throws {
    try await pool.withConnection { try LedgerRows.lock($0, ledger, within: bound) }
  }

  /// The writers at present.
  var writers: [LedgerWriter] { state.withLock { Array($0.writers.values) } }

  /// Lets a writer read what others wrote; one look at a time.
  func refresh(_ ledger: String) {
    let writer = state.withLock { state -> LedgerWriter? in
      guard !state.isClosed, let writer = state.writers[ledger], state.ticking.insert(ledger).inserted else {
        return nil
      }
      return writer
    }
    guard let writer else { return }
    Task {
      await writer.tick()
      state.withLock { _ = $0.ticking.remove(ledger) }
    }
  }

  /// Follows the logs until cancelled.
  func follow() async {
    let follower = LogFollower(settings, heads: heads) { [weak self] ledger, position in
      guard let self, let writer = state.withLock({ $0.writers[ledger] }) else { return }
      let board = writer.board.current
      let isStale = board.freshAt.map { ContinuousClock.now - $0 > LogFollower.interval } ?? true
      if board.position < position || isStale { refresh(ledger) }
    }
    await follower.run()
  }

  /// Refuses new work, finishes what waits and closes the connections.
  func close() async {
    let writers = state.withLock { state in
      state.isClosed = true
      return Array(state.writers.values)
    }
    await withTaskGroup { group in
      for writer in writers { group.addTask { await writer.close() } }
    }
    await pool.close()
  }
}

/// The form of ledgers' names: `[a-z][a-z0-9_-]{0,62}`.
enum LedgerName {
  static func isValid(_ name: String) -> Bool {
    let bytes = name.utf8
    guard let first = bytes.first, (0x61...0x7A).contains(first), bytes.count <= 63 else { return false }
    return bytes.allSatisfy { byte in
      (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x5F || byte == 0x2D
    }
  }
}
