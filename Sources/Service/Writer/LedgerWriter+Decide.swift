import Control
import Domain
import Foundation
import Integrity
import Log
import Postgres

extension LedgerWriter {
  /// What the batch must see under the lock.
  func needs(of batch: [Submission], isChecked: Bool) -> AppendNeeds {
    var needs = AppendNeeds()
    var unknown: Set<PersonName> = []
    var subjects: Set<String> = []
    func note(_ person: PersonName) { if persons[person] == nil { unknown.insert(person) } }
    for submission in batch {
      switch submission.work {
      case .facts(let drafts):
        for draft in drafts {
          // An expectation is judged only after the identity: a repetition must not be called a conflict.
          if isChecked || draft.expectedSequence != nil {
            needs.identities.append(Identity(id: draft.id, source: draft.source))
          }
          if (isChecked || draft.expectedSequence != nil) && sequences[draft.subject] == nil {
            subjects.insert(draft.subject)
          }
          for mention in draft.persons { note(PersonName(kind: mention.kind, value: mention.value)) }
        }
      case .command(let request):
        // As with facts: unless told otherwise, a decision is taken for new, and the unique indexes object where it is not.
        if isChecked || !request.command.isDecision {
          needs.identities.append(request.command.identity(0, key: request.key, by: submission.principal))
          if let subject = request.command.newSubject, sequences[subject] == nil { subjects.insert(subject) }
        }
        needs.positions += request.command.neededPositions
        needs.lastEvents += request.command.neededSubjects
        for subject in request.command.neededSubjects where sequences[subject] == nil { subjects.insert(subject) }
        request.command.persons.values.forEach(note)
      case .adjustments(let adjustments):
        guard isChecked else { break }
        for adjustment in adjustments.adjustments {
          needs.identities.append(adjustments.identity(of: adjustment))
          subjects.insert(adjustment.subject)
        }
      case .look: break
      }
    }
    needs.persons = Array(unknown)
    needs.subjects = Array(subjects)
    return needs
  }

  /// Decides every submission in order; each one's outcome is its own.
  ///
  /// - Returns: nil where so much is due that the batch is full with it: the submissions wait for the next one.
  func decide(
    _ batch: [Submission], _ plan: inout BatchPlan, _ transaction: LogTransaction
  ) throws -> [Result<AppendAnswer, WriteError>]? {
    if try plan.addDue() { return nil }
    var results: [Result<AppendAnswer, WriteError>] = []
    results.reserveCapacity(batch.count)
    for submission in batch {
      do {
        results.append(.success(try decide(submission, &plan, transaction)))
      } catch let error as WriteError {
        results.append(.failure(error))
        continue
      }
      // What fails here fails the batch: its cause is planned already.
      try plan.addConsequences()
      plan.sendWhatIsPlanned()
    }
    return results
  }

  private func decide(
    _ submission: Submission, _ plan: inout BatchPlan, _ transaction: LogTransaction
  ) throws -> AppendAnswer {
    switch submission.work {
    case .facts(let drafts):
      return AppendAnswer(receipts: try plan.add(facts: drafts, by: submission.principal), position: 0, root: [])
    case .command(let request):
      let (receipts, events) = try plan.add(command: request, by: submission.principal) { key, source in
        try transaction.commandEvents(key: key, source: source)
      }
      return AppendAnswer(receipts: receipts, position: 0, root: [], events: events)
    case .adjustments(let adjustments):
      try plan.add(adjustments)
      return AppendAnswer(receipts: [], position: 0, root: [])
    case .look:
      return AppendAnswer(receipts: [], position: 0, root: [])
    }
  }

  /// Answers a batch with the head as it is now.
  func answer(_ batch: [Submission], _ results: [Result<AppendAnswer, WriteError>]) {
    guard let memory else { preconditionFailure("a batch is answered from a memory") }
    let root = memory.edge.root
    var duplicates: Int64 = 0
    for (submission, result) in zip(batch, results) {
      if case .look(let body) = submission.work { body(memory) }
      switch result {
      case .success(var answer):
        answer.position = memory.position
        answer.root = root
        for receipt in answer.receipts where receipt.duplicate { duplicates += 1 }
        submission.answer(.success(answer))
      case .failure:
        submission.answer(result)
      }
    }
    if duplicates > 0 { board.update { $0.duplicates += duplicates } }
  }

  /// Answers a batch that was not done.
  func fail(_ batch: [Submission], _ error: WriteError) {
    if error.code == .corrupt { board.update { $0.stopped = error.detail } }
    for submission in batch { submission.answer(.failure(error)) }
  }

  /// What a caller is told about a failure.
  func writeError(_ error: any Error) -> WriteError {
    switch error {
    case let error as WriteError: return error
    case let error as LogError where error.code == .unknownLedger:
      return WriteError(.unknownLedger, error.detail)
    case let error as LogError where error.code == .halted:
      // The log may be another one when the halt ends: it is read anew. The transaction ends with its connection.
      connection = nil
      memory = nil
      return WriteError(.halted, error.detail)
    case let error as LogError:
      connection = nil
      memory = nil
      return WriteError(.corrupt, error.detail)
    case let error as PostgresError where error.code != .server || error.isPassing:
      connection = nil
      return WriteError(.unavailable, "the database is away or busy")
    default:
      // A statement that the schema refuses is our own mistake; the caller's data stays out of the text.
      connection = nil
      memory = nil
      let state = (error as? PostgresError)?.sqlState ?? "none"
      return WriteError(.internalFault, "the batch could not be written (SQLSTATE \(state))")
    }
  }

  /// Writing stops while the two clocks differ, as recorded times would be somebody's error for ever.
  func checkClock(_ clock: Timestamp) throws(WriteError) {
    let ours = Int64(Date().timeIntervalSince1970 * 1_000_000)
    let difference = Duration.microseconds(abs(ours - clock.microseconds))
    guard difference <= limits.clockSkew else {
      throw WriteError(.clockSkew, "the clocks of database and service differ by \(difference)")
    }
  }
}

extension Submission {
  var isLook: Bool { if case .look = work { true } else { false } }
  /// True where nothing is asked of Postgres while it is decided but the last sequences of subjects.
  var isDecidedAlone: Bool {
    switch work {
    case .facts, .adjustments: true
    case .command(let request): request.command.isDecision
    case .look: false
    }
  }
}

extension PostgresError {
  /// The connection is gone, or a call on it was given up.
  var isLoss: Bool { code == .connectionLost || code == .timeout || code == .connectFailed || isShutdown }
  /// The server ends the session: administrator's command, crash, start-up.
  private var isShutdown: Bool {
    sqlState.map { $0.hasPrefix("57P") || $0.hasPrefix("08") || $0 == "25P03" } ?? false
  }
  /// A unique index objects: an identity or a sequence is taken.
  var isTaken: Bool { sqlState == "23505" }
  /// Somebody else held the lock for too long.
  var isLockTimeout: Bool { sqlState == "55P03" }
  /// Worth another try later: resources, locks, conflicts.
  var isPassing: Bool {
    sqlState.map { $0.hasPrefix("53") || $0.hasPrefix("40") || $0.hasPrefix("55P") || $0.hasPrefix("57") } ?? false
  }
}
