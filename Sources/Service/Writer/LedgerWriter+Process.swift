import Control
import Domain
import Log
import Postgres

extension LedgerWriter {
  /// What an attempt at a batch came to.
  private enum Attempt {
    /// Done; answers are ready.
    case done
    /// Another try is needed: a unique index objected, or too much was missed.
    case again
    /// The connection was lost with the COMMIT on its way.
    case unknown(PlannedBatch)
  }

  /// A batch whose answers wait for its commit.
  struct PlannedBatch {
    /// Those that are answered; none where so much fell due that it fills a batch of its own.
    let submissions: [Submission]
    let results: [Result<AppendAnswer, WriteError>]
    let plan: BatchPlan
    /// To go back to.
    let treeBefore: LedgerMemory.Tree
  }

  /// Decides, writes and answers one batch.
  func process(_ batch: [Submission]) {
    var connectionLosses = 0
    var unknownOutcomes = 0
    var lockWaits = 0
    while true {
      do {
        switch try attempt(batch) {
        case .done: return
        case .again: continue
        case .unknown(let planned):
          if try resolve(planned) {
            finish(planned)
            if planned.submissions.isEmpty { continue }
            return
          }
          // A batch that takes the server down each time must not do so for ever.
          unknownOutcomes += 1
          if unknownOutcomes > 2 {
            throw WriteError(.unavailable, "the database was lost during the commit, repeatedly")
          }
        }
      } catch let error as PostgresError where error.isLoss && connectionLosses < 1 {
        // Nothing was committed: the loss came before the COMMIT was sent.
        connectionLosses += 1
        connection = nil
      } catch let error as PostgresError where error.isLockTimeout && lockWaits < limits.lockWaits {
        lockWaits += 1
        connection = nil
        endStalledHolder()
      } catch let error as PostgresError where error.isTaken && checkedBatches == 0 {
        // Trusted an identity or a sequence that was taken: look them up for a while.
        sequences.removeAll()
        checkedBatches = 64
      } catch {
        return fail(batch, writeError(error))
      }
    }
  }

  private func attempt(_ batch: [Submission]) throws -> Attempt {
    let started = ContinuousClock.now
    let connection = try readyConnection()
    guard let memory else { throw WriteError(.internalFault, "no memory after connecting") }
    if batch.allSatisfy(\.isLook) {
      try catchUp(memory, connection)
      publish(freshAt: started)
      // Who looks keeps the memory fresh, so that the regular look never comes: what is due must not wait for it.
      if memory.withState({ $0.due(at: .now) }).isEmpty {
        answer(batch, batch.map { _ in .success(AppendAnswer(receipts: [], position: 0, root: [])) })
        return .done
      }
    }
    let transaction = LogTransaction(connection, ledger: ledger)
    let isChecked = checkedBatches > 0
    let view = try transaction.begin(after: memory.position, needs(of: batch, isChecked: isChecked))
    // After an erasure by another process, the tokens that were not asked for are not known.
    if view.missedTooMany || view.missed.contains(where: { $0.type == "payload.erased" }) {
      try transaction.rollback()
      try catchUp(memory, connection)
      return .again
    }
    for event in view.missed {
      try memory.absorb(event)
      learn(from: event)
    }
    memory.state.merge()
    let before = memory.tree
    do {
      try checkClock(view.clock)
      zone = memory.withState { $0.settings }.map { zones($0.timeZone) } ?? .utc
      var plan = BatchPlan(
        ledger: ledger, zone: zone, view: view, now: max(view.clock, memory.recordedAt ?? view.clock),
        isChecked: isChecked, memory: memory, sequences: sequences, persons: persons,
        lastSequences: { try transaction.lastSequences($0) }, rootAt: { try transaction.root(at: $0) },
        select: { [ledger] selector, scan in
          try SelectorScan.finish(scan, of: selector, connection, ledger: ledger)
        },
        // Most commands ask Postgres while they are decided, so batches with any of those are written in one piece.
        sendAhead: batch.allSatisfy(\.isDecidedAlone) ? { transaction.sendAhead($0, from: $1) } : nil)
      plan.reserve(batch.reduce(0) { $0 + $1.weight })
      guard let results = try decide(batch, &plan, transaction) else {
        let expiries = PlannedBatch(submissions: [], results: [], plan: plan, treeBefore: before)
        if let unknown = try commit(expiries, transaction, freshAt: started) { return .unknown(unknown) }
        return .again
      }
      if plan.batch.count == 0 {
        try transaction.rollback()
        publish(freshAt: started)
        answer(batch, results)
        return .done
      }
      let planned = PlannedBatch(submissions: batch, results: results, plan: plan, treeBefore: before)
      return try commit(planned, transaction, freshAt: started).map(Attempt.unknown) ?? .done
    } catch {
      restore(memory, before)
      if connection.isOpen { try? transaction.rollback() }
      throw error
    }
  }

  /// Commits and answers; gives the batch back where its outcome is unknown.
  private func commit(
    _ planned: PlannedBatch, _ transaction: LogTransaction, freshAt: ContinuousClock.Instant
  ) throws -> PlannedBatch? {
    do {
      let plan = planned.plan
      try transaction.commit(
        plan.batch, from: plan.sentCount, newTokens: plan.newTokens, seals: plan.seals, erasures: plan.erasures)
    } catch let error where error.isLoss {
      restore(planned.plan.memory, planned.treeBefore)
      return planned
    }
    finish(planned, freshAt: freshAt)
    return nil
  }

  /// Takes the batch over into the memory and answers: only after the commit returned.
  private func finish(_ planned: PlannedBatch, freshAt: ContinuousClock.Instant? = nil) {
    planned.plan.memory.state.merge()
    // A batch that was found again was read from the log, and perhaps more behind it: its own counts may be old.
    let isReadBack = freshAt == nil
    if !isReadBack { learn(from: planned.plan) }
    checkedBatches = max(0, checkedBatches - 1)
    if let seal = planned.plan.seals.last { sealedAt = seal.position }
    board.update { reading in
      reading.batches += 1
      reading.events += Int64(planned.plan.batch.count)
    }
    publish(freshAt: freshAt)
    committed(planned.plan.memory.position)
    counted(planned.plan.batch.count)
    answer(planned.submissions, planned.results)
    snapshotIfDue()
  }

  /// Puts the memory back to what it was before the batch.
  private func restore(_ memory: LedgerMemory, _ tree: LedgerMemory.Tree) {
    memory.tree = tree
    memory.state.drop()
  }

  /// Asks, under the lock, whether a batch whose commit was cut off is in the log; retries to connect for a while.
  ///
  /// If it is, the memory has read it back, so that the head that is answered has it too.
  private func resolve(_ planned: PlannedBatch) throws -> Bool {
    guard let first = planned.plan.first else { return false }
    let deadline = ContinuousClock.now + limits.resolutionTime
    while true {
      do {
        connection = nil
        let connection = try openConnection()
        self.connection = connection
        let transaction = LogTransaction(connection, ledger: ledger)
        var needs = AppendNeeds()
        needs.positions = [first.position]
        let view = try transaction.begin(after: first.position, needs)
        try transaction.rollback()
        guard let found = view.events[first.position] else { return false }
        let isOurs =
          found.id == first.id && found.source == first.source && found.payloadHash == first.payloadHash
          && found.recordedAt == first.recordedAt
        if isOurs { try catchUp(planned.plan.memory, connection) }
        return isOurs
      } catch is PostgresError where ContinuousClock.now < deadline {
        pause(.milliseconds(100))
      } catch is PostgresError {
        // A lock that cannot be had is no answer either: nobody may be told that nothing was written. What failed under
        // way has left the connection in a transaction that does nothing more.
        connection = nil
        throw WriteError(.outcomeUnknown, "the database was lost during the commit")
      }
    }
  }
}
