import Control
import Domain
import Log

extension BatchPlan {
  /// The source of what the ledger writes by itself.
  static let ledgerSource = "/daybook/ledger"
  /// Events that expire in one batch at most; what else is due follows in batches of its own before anything is decided.
  static let dueAtOnce = 1_000

  /// Plans what fell due; first in a batch.
  ///
  /// - Returns: true where more is due than one batch takes: nothing may be decided in this one.
  mutating func addDue() throws -> Bool {
    let due = memory.withState { $0.due(at: now) }
    if due.isEmpty { return false }
    try writeOwn(Array(due.prefix(Self.dueAtOnce)), as: "due")
    return due.count > Self.dueAtOnce
  }

  /// Plans what follows from what was planned last: thresholds crossed, models that cool down.
  mutating func addConsequences() throws {
    let events = memory.withState { $0.consequences(at: now) }
    if !events.isEmpty { try writeOwn(events, as: "consequence") }
  }

  /// Events of the ledger's own: no two of them begin at the same position, so that names their ids.
  private mutating func writeOwn(_ events: [PlannedEvent], as name: String) throws {
    let key = "\(name)-\(memory.position + 1)"
    try write(events, by: .system) { Identity(id: "\(key)#\($0 + 1)", source: Self.ledgerSource) }
  }

  /// Records events of the ledger's own making; all are checked before the first one is recorded.
  ///
  /// - Parameter identity: The identity of the event at an index.
  @discardableResult
  mutating func write(
    _ events: [PlannedEvent], by principal: Principal, identity: (Int) -> Identity
  ) throws -> [RecordedEvent] {
    var drafts: [EventDraft] = []
    drafts.reserveCapacity(events.count)
    for (index, event) in events.enumerated() {
      let identity = identity(index)
      do {
        drafts.append(
          try EventDraft(
            planned: event.type, typeVersion: event.typeVersion, subject: event.subject, id: identity.id,
            source: identity.source, data: event.data))
      } catch {
        throw WriteError(.internalFault, "the ledger's own \(event.type) does not fit the catalogue: \(error)")
      }
    }
    try learnSequences(of: events)
    var recorded: [RecordedEvent] = []
    recorded.reserveCapacity(events.count)
    for (event, draft) in zip(events, drafts) {
      recorded.append(try write(event, draft, by: event.bySystem ? .system : principal))
    }
    return recorded
  }

  private mutating func write(
    _ event: PlannedEvent, _ draft: EventDraft, by principal: Principal
  ) throws -> RecordedEvent {
    let sequence = lastSequence(of: draft.subject, known: event.lastSequence) + 1
    let derived = event.derived?.members?.isEmpty == false ? event.derived : nil
    let stored = record(draft, sequence: sequence, derived: derived?.canonical, by: principal)
    memory.apply(
      AppliedEvent(
        position: stored.position, type: stored.type, typeVersion: stored.typeVersion, subject: stored.subject,
        sequence: stored.sequence, occurredAt: stored.occurredAt, recordedAt: stored.recordedAt, actor: stored.actor,
        actorKind: stored.actorKind,
        // The state sees what a replay would show it: no personal member.
        data: draft.personal == nil ? event.data : try JSON(parsing: draft.data), derived: derived))
    return stored
  }
}

// MARK: - Sequences

extension BatchPlan {
  /// The last sequence of a subject, as far as the plan knows; 0 where it was not asked for.
  func lastSequence(of subject: String, known: Int64? = nil) -> Int64 {
    changedSequences[subject] ?? known ?? sequences[subject] ?? view.sequences[subject] ?? learnedSequences[subject]
      ?? 0
  }

  /// Does without looking a subject up: one that nothing is known of is taken for new.
  func number(_ events: inout [PlannedEvent], of subject: String) {
    for index in events.indices where events[index].subject == subject && events[index].lastSequence == nil {
      events[index].lastSequence = lastSequence(of: subject)
    }
  }

  private func isKnown(_ subject: String) -> Bool {
    changedSequences[subject] != nil || sequences[subject] != nil || view.sequences[subject] != nil
      || learnedSequences[subject] != nil
  }

  /// The last sequences of subjects, those that are not known asked for under the lock.
  mutating func knownSequences(_ subjects: [String]) throws -> [String: Int64] {
    try learnSequences(of: subjects)
    return Dictionary(subjects.map { ($0, lastSequence(of: $0)) }) { first, _ in first }
  }

  private mutating func learnSequences(of events: [PlannedEvent]) throws {
    try learnSequences(of: events.lazy.filter { $0.lastSequence == nil }.map(\.subject))
  }

  private mutating func learnSequences(of subjects: some Sequence<String>) throws {
    let missing = Set(subjects.filter { !isKnown($0) })
    if missing.isEmpty { return }
    let found = try lastSequences(Array(missing))
    for subject in missing { learnedSequences[subject] = found[subject] ?? 0 }
  }
}
