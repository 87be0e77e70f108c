import Control
import Domain
import Foundation
import Integrity
import Log
import Postgres

extension LedgerWriter {
  /// A connection with a memory that was read over it or over an earlier one.
  func readyConnection() throws -> Connection {
    if let stopped = board.current.stopped { throw WriteError(.corrupt, stopped) }
    let connection: Connection
    if let open = self.connection, open.isOpen {
      connection = open
    } else {
      connection = try openConnection()
      self.connection = connection
    }
    if memory == nil {
      let started = ContinuousClock.now
      let read = try LedgerMemory.hydrate(connection, ledger: ledger)
      // What others wrote before this reading is in no catching up: their subjects would be counted from here.
      sequences.removeAll()
      persons.removeAll()
      sealedAt = try Seal.latest(connection, ledger: ledger, upTo: read.position).position
      snapshotAt = try ControlSnapshot.latestPosition(connection, ledger: ledger)
      memory = read
      publishedControl = nil
      publish(freshAt: started)
    }
    return connection
  }

  /// Reads what others wrote, without the lock, and counts their subjects on: a cache that stood still would give a
  /// sequence twice, or hold an expectation for broken that is met.
  @discardableResult
  func catchUp(_ memory: LedgerMemory, _ connection: Connection) throws -> Int64 {
    try memory.catchUp(connection) { learn(from: $0) }
  }

  /// Takes over what an event by another process says about subjects and persons.
  func learn(from event: RecordedEvent) {
    sequences[event.subject] = event.sequence
    if event.type == "payload.erased" { persons.removeAll() }
  }

  /// Takes over what a batch of ours that is durable says about them.
  func learn(from plan: BatchPlan) {
    for (subject, sequence) in plan.changedSequences { sequences[subject] = sequence }
    if plan.erasures.isEmpty {
      persons.merge(plan.view.tokens)
      persons.merge(plan.newTokens)
    } else {
      persons.removeAll()
    }
  }

  func openConnection() throws(PostgresError) -> Connection {
    let connection = try Connection(settings)
    connection.callTimeout = .seconds(30)
    return connection
  }

  /// Frees the ledger's lock from a session whose client stopped in the middle of a message.
  func endStalledHolder() {
    var login = settings
    login.role = nil
    login.applicationName = "daybook lock \(ledger)"
    // Where this fails too, the next attempt says what is wrong.
    guard let connection = try? Connection(login) else { return }
    defer { connection.close() }
    _ = try? StalledHolder.end(connection, applicationName: settings.applicationName, seconds: 5)
  }

  /// Waits on the writer's own queue, where nothing else can be done meanwhile.
  func pause(_ duration: Duration) {
    Thread.sleep(
      forTimeInterval: Double(duration.components.attoseconds) / 1e18 + Double(duration.components.seconds))
  }

  /// Shows readers what is known; a nil `freshAt` leaves the freshness as it was.
  ///
  /// The extract is shown again whenever it has changed, be it by an event of another process that a batch of ours read: a
  /// revoked key or a pulled switch must not hide behind a fresh position.
  func publish(freshAt: ContinuousClock.Instant?) {
    guard let memory else { return }
    let version = memory.withState { $0.extractVersion }
    let news = publishedControl == version ? nil : memory.state.extract
    board.update { reading in
      reading.position = memory.position
      reading.root = memory.edge.root
      reading.recordedAt = memory.recordedAt
      if let news {
        reading.control = news
        reading.controlChanges += 1
      }
      reading.isRerating = memory.withState { $0.isRerating }
      if let freshAt { reading.freshAt = freshAt }
    }
    publishedControl = version
    if news != nil { changed(board.current.controlChanges) }
  }

  /// The regular look after things: reads what others wrote, expires what is due, seals a quiet tail.
  ///
  /// - Returns: false where the database did not answer.
  @discardableResult
  public func tick() -> Bool {
    do {
      let started = ContinuousClock.now
      let connection = try readyConnection()
      guard let memory else { return false }
      let missed = try catchUp(memory, connection)
      publish(freshAt: started)
      if !memory.state.due(at: Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))).isEmpty {
        // An empty batch expires what is due, under the lock like everything else.
        process([Submission(work: .facts([]), principal: .system, bytes: 0) { _ in }])
      } else if missed == 0 && queue.depth == 0 {
        sealTail()
      }
      return true
    } catch let error as LogError where error.code == .corrupt {
      memory = nil
      board.update { $0.stopped = error.detail }
      return false
    } catch {
      connection = nil
      return false
    }
  }

  /// Seals the events after the last seal once the log is quiet, so that the tail is covered too.
  func sealTail() {
    guard let memory, let connection, connection.isOpen, memory.position > sealedAt else { return }
    do {
      try Seal(memory.edge).keep(connection, ledger: ledger)
      sealedAt = memory.position
    } catch { self.connection = nil }
  }

  /// Has a snapshot of the control state kept at intervals, after the answers went out; the writer goes on meanwhile.
  func snapshotIfDue() {
    guard let memory, !isKeepingSnapshot,
      memory.position - snapshotAt >= memory.withState({ ControlSnapshot.interval(of: $0) })
    else { return }
    snapshotAt = memory.position
    isKeepingSnapshot = true
    let state = memory.state
    Task {
      await snapshots.keep(state)
      isKeepingSnapshot = false
    }
  }

  /// Keeps a last snapshot where the next start would have much to fold.
  func keepLastSnapshot() async {
    guard let memory, memory.position - snapshotAt >= ControlSnapshot.closingInterval else { return }
    snapshotAt = memory.position
    await snapshots.keep(memory.state)
  }
}
