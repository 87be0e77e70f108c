import Control
import Crypto
import Domain
import Integrity
import Log

/// One batch being decided: what was seen under the lock, and the events it will add. No I/O but for the sequences of subjects
/// that a command touches, which are asked for through `lastSequences`.
///
/// The memory is changed in place: the tree grows, the control state changes in its overlay. If the commit fails, the writer puts the
/// old tree back and drops the overlay.
struct BatchPlan {
  let ledger: String
  let zone: ReportingZone
  let view: AppendView
  /// The recorded time of every event of the batch.
  let now: Timestamp
  /// False while the writer trusts the unique indexes to object to identities and sequences it did not look up.
  let isChecked: Bool
  let memory: LedgerMemory
  let sequences: SequenceCache
  /// Reads last sequences under the lock, for the subjects of commands.
  let lastSequences: ([String]) throws -> [String: Int64]

  /// Sends events ahead that are planned for good; nil where the batch must not talk to Postgres before it is decided.
  let sendAhead: ((EventBatch, _ from: Int) -> Void)?

  private(set) var batch = EventBatch()
  /// Events that were sent ahead.
  private(set) var sentCount = 0
  private(set) var seals: [Seal] = []
  private(set) var newTokens: [PersonName: String] = [:]
  private var planned: [Identity: Int] = [:]
  private var commands: [Identity: [RecordedEvent]] = [:]
  private var batchSequences: [String: Int64] = [:]
  private var salts = SaltSource()

  init(
    ledger: String, zone: ReportingZone, view: AppendView, now: Timestamp, isChecked: Bool, memory: LedgerMemory,
    sequences: SequenceCache, lastSequences: @escaping ([String]) throws -> [String: Int64],
    sendAhead: ((EventBatch, _ from: Int) -> Void)? = nil
  ) {
    self.ledger = ledger
    self.zone = zone
    self.view = view
    self.now = now
    self.isChecked = isChecked
    self.memory = memory
    self.sequences = sequences
    self.lastSequences = lastSequences
    self.sendAhead = sendAhead
  }

  /// Makes room for a batch of so many events.
  mutating func reserve(_ count: Int) {
    planned.reserveCapacity(count)
    batchSequences.reserveCapacity(count)
  }

  /// The first event of the batch, by which the whole is found again.
  var first: RecordedEvent? { batch.events.first }

  /// The subjects' last sequences as they will be after the commit.
  var changedSequences: [String: Int64] { batchSequences }
}

// MARK: - Facts

extension BatchPlan {
  /// Events of one statement that is sent ahead: enough that its own cost vanishes, few enough that Postgres starts soon.
  static let sentAtOnce = 128

  /// Plans all drafts or none.
  mutating func add(facts drafts: [EventDraft], by principal: Principal) throws(WriteError) -> [AppendReceipt] {
    var receipts: [AppendReceipt] = []
    receipts.reserveCapacity(drafts.count)
    var fresh: [(draft: Int, sequence: Int64)] = []
    fresh.reserveCapacity(drafts.count)
    var seen: [Identity: Int] = [:]
    seen.reserveCapacity(drafts.count)
    var local: [String: Int64] = [:]
    local.reserveCapacity(drafts.count)
    // By index: a draft has many members, and a copy of it counts each of them up and down.
    for index in drafts.indices {
      let identity = Identity(id: drafts[index].id, source: drafts[index].source)
      if let existing = view.existing[identity] ?? planned[identity].map({ batch.events[$0] }) {
        receipts.append(try repeated(drafts[index], of: existing, index: index))
        continue
      }
      if let earlier = seen[identity] {
        try compare(drafts[index], with: drafts[earlier], index: index)
        var receipt = receipts[earlier]
        receipt.duplicate = true
        receipts.append(receipt)
        continue
      }
      let subject = drafts[index].subject
      let last = local[subject] ?? lastSequence(of: subject)
      if let expected = drafts[index].expectedSequence, expected != last {
        throw WriteError(
          .sequenceConflict(index: index, expected: expected, actual: last), "the subject has moved on")
      }
      local[subject] = last + 1
      seen[identity] = index
      fresh.append((index, last + 1))
      receipts.append(
        AppendReceipt(
          id: identity.id, position: memory.position + Int64(fresh.count), sequence: last + 1, recordedAt: now,
          duplicate: false))
    }
    for (index, sequence) in fresh {
      record(drafts[index], sequence: sequence, derived: derived(drafts[index]), by: principal)
      memory.state.advance(to: memory.position)
      if let sendAhead, batch.count - sentCount >= Self.sentAtOnce {
        sendAhead(batch, sentCount)
        sentCount = batch.count
      }
    }
    return receipts
  }

  private func repeated(
    _ draft: EventDraft, of existing: RecordedEvent, index: Int
  ) throws(WriteError) -> AppendReceipt {
    let fields = draft.differences(from: existing)
    guard fields.isEmpty else {
      throw WriteError(
        .identityConflict(index: index, fields: fields), "the id and source stand at position \(existing.position)")
    }
    return AppendReceipt(
      id: draft.id, position: existing.position, sequence: existing.sequence, recordedAt: existing.recordedAt,
      duplicate: true)
  }

  /// Two drafts of one submission with the same identity must say the same.
  private func compare(_ draft: EventDraft, with earlier: EventDraft, index: Int) throws(WriteError) {
    let fields = Self.differences(draft, earlier)
    guard fields.isEmpty else {
      throw WriteError(
        .identityConflict(index: index, fields: fields), "the id and source stand twice in the request")
    }
  }

  private static func differences(_ draft: EventDraft, _ earlier: EventDraft) -> [String] {
    var fields: [String] = []
    if draft.type != earlier.type { fields.append("type") }
    if draft.typeVersion != earlier.typeVersion { fields.append("typeversion") }
    if draft.subject != earlier.subject { fields.append("subject") }
    if draft.correlationID != earlier.correlationID { fields.append("correlationid") }
    if draft.causationID != earlier.causationID { fields.append("causationid") }
    if draft.time != earlier.time { fields.append("time") }
    if draft.data != earlier.data || draft.personal != earlier.personal { fields.append("data") }
    return fields
  }

  private func lastSequence(of subject: String) -> Int64 {
    batchSequences[subject] ?? sequences[subject] ?? view.sequences[subject] ?? 0
  }

  /// The person's token, made where there is none.
  private mutating func token(of person: PersonName) -> String {
    if let known = view.tokens[person] ?? newTokens[person] { return known }
    let token = SecureRandom.personToken()
    newTokens[person] = token
    return token
  }

  private mutating func derived(_ draft: EventDraft) -> [UInt8]? {
    var persons: [(pointer: String, token: String)] = []
    for mention in draft.persons {
      persons.append((mention.pointer, token(of: PersonName(kind: mention.kind, value: mention.value))))
    }
    return memory.state.derivedBytes(
      draft, occurredAt: draft.time ?? now, recordedAt: now, zone: zone, persons: persons)
  }
}

// MARK: - Commands

extension BatchPlan {
  /// Plans what fell due; first in a batch.
  mutating func addDue() throws(WriteError) {
    let due = memory.state.due(at: now)
    for event in due {
      try write([event], key: "due-\(memory.position + 1)", source: "/daybook/ledger", request: nil, by: .system)
    }
  }

  /// Plans the events of a command, or answers with those that it caused before.
  mutating func add(
    command: Command, key: String, request: String, freshID: String, by principal: Principal,
    earlier: (_ key: String, _ source: String) throws(WriteError) -> [RecordedEvent]
  ) throws(WriteError) -> (receipts: [AppendReceipt], events: [RecordedEvent]) {
    let source = Self.commandSource(principal)
    let identity = Identity(id: "\(key)#1", source: source)
    var before = commands[identity]
    if before == nil && view.existing[identity] != nil { before = try earlier(key, source) }
    if let before {
      guard before.allSatisfy({ Self.request(of: $0) == request }) else {
        throw WriteError(
          .identityConflict(index: 0, fields: ["request"]), "the idempotency key was used for another request")
      }
      return (before.map { receipt($0, duplicate: true) }, before)
    }
    var context = CommandContext(principal: principal, now: now, freshID: freshID, zone: zone, digest: Self.digest)
    context.events = view.events
    for event in batch.events where command.neededPositions.contains(event.position) {
      context.events[event.position] = event
    }
    do {
      context.sequences = try knownSequences(command.neededSubjects)
      let command = tokenised(command)
      let events: [PlannedEvent]
      do { events = try memory.state.decide(command.command, context) } catch {
        // What is refused leaves no trace, and so no token.
        if let person = command.newPerson { newTokens[person] = nil }
        throw error
      }
      let recorded = try write(events, key: key, source: source, request: request, by: principal)
      commands[identity] = recorded
      return (recorded.map { receipt($0, duplicate: false) }, recorded)
    } catch let refusal as Refusal {
      throw WriteError(.refused(refusal), refusal.detail)
    } catch let error as WriteError {
      throw error
    } catch {
      throw WriteError(.unavailable, "the database did not answer")
    }
  }

  /// The command with a token in the place of the person that it names; the person, where the token is new.
  private mutating func tokenised(_ command: Command) -> (command: Command, newPerson: PersonName?) {
    guard let person = command.person else { return (command, nil) }
    let known = view.tokens[person] ?? newTokens[person]
    return (command.naming(token(of: person)), known == nil ? person : nil)
  }

  /// Lower-case hex SHA-256.
  private static let digest: @Sendable ([UInt8]) -> String = { Hex.string(SHA256Digest.hash($0)) }

  /// The source of the events that a key's commands cause.
  static func commandSource(_ principal: Principal) -> String { "/daybook/commands/\(principal.key)" }

  private static func request(of event: RecordedEvent) -> String? {
    event.derived.flatMap { try? JSON(parsing: $0) }?["request"]?.string
  }

  private func receipt(_ event: RecordedEvent, duplicate: Bool) -> AppendReceipt {
    AppendReceipt(
      id: event.id, position: event.position, sequence: event.sequence, recordedAt: event.recordedAt,
      duplicate: duplicate)
  }

  private func knownSequences(_ subjects: [String]) throws -> [String: Int64] {
    var known: [String: Int64] = [:]
    let missing = subjects.filter { batchSequences[$0] == nil && sequences[$0] == nil }
    if !missing.isEmpty { known = try lastSequences(missing) }
    for subject in subjects { if let last = batchSequences[subject] ?? sequences[subject] { known[subject] = last } }
    return known
  }

  /// Records events of the ledger's own making; all are checked before the first one is recorded.
  @discardableResult
  private mutating func write(
    _ events: [PlannedEvent], key: String, source: String, request: String?, by principal: Principal
  ) throws(WriteError) -> [RecordedEvent] {
    var drafts: [EventDraft] = []
    for (index, event) in events.enumerated() {
      do {
        drafts.append(
          try EventDraft(
            planned: event.type, subject: event.subject, id: "\(key)#\(index + 1)", source: source, data: event.data))
      } catch {
        throw WriteError(
          .internalFault, "the ledger's own \(event.type) does not fit the catalogue: \(error)")
      }
    }
    var known: [String: Int64]
    do { known = try knownSequences(Array(Set(drafts.map(\.subject)))) } catch {
      throw WriteError(.unavailable, "the database did not answer")
    }
    var recorded: [RecordedEvent] = []
    for (event, draft) in zip(events, drafts) {
      let sequence = (known[draft.subject] ?? 0) + 1
      known[draft.subject] = sequence
      var derived = event.derived ?? .object([ExactText: JSON]())
      if let request { derived["request"] = .text(request) }
      let stored = record(
        draft, sequence: sequence, derived: derived == .object([ExactText: JSON]()) ? nil : derived.canonical,
        by: event.bySystem ? .system : principal)
      memory.apply(
        AppliedEvent(
          position: stored.position, type: stored.type, typeVersion: stored.typeVersion, subject: stored.subject,
          sequence: stored.sequence, occurredAt: stored.occurredAt, recordedAt: stored.recordedAt,
          actor: stored.actor,
          actorKind: stored.actorKind, data: event.data, derived: derived))
      recorded.append(stored)
    }
    return recorded
  }
}

// MARK: - Recording

extension BatchPlan {
  /// Gives an event its place, hashes it and puts it into the batch.
  @discardableResult
  private mutating func record(
    _ draft: EventDraft, sequence: Int64, derived: [UInt8]?, by principal: Principal
  ) -> RecordedEvent {
    let salt = draft.personal == nil ? nil : salts.next()
    let personalHash = draft.personal.map { EventHash.personal(salt: salt ?? [], personal: $0) }
    let event = RecordedEvent(
      ledger: ledger, position: memory.position + 1, id: draft.id, source: draft.source, type: draft.type,
      typeVersion: draft.typeVersion, subject: draft.subject, sequence: sequence, occurredAt: draft.time ?? now,
      recordedAt: now, actor: principal.key, actorKind: principal.kind, correlationID: draft.correlationID,
      causationID: draft.causationID, traceparent: draft.traceparent, data: draft.data, personal: draft.personal,
      salt: salt, personalHash: personalHash, derived: derived,
      payloadHash: EventHash.payload(data: draft.data, derived: derived, personalHash: personalHash))
    memory.edge.append(leafHash: EventHash.leaf(entry: EventHash.entry(event)))
    memory.recordedAt = now
    if memory.edge.size % Seal.interval == 0 { seals.append(Seal(memory.edge)) }
    batchSequences[event.subject] = sequence
    planned[Identity(id: event.id, source: event.source)] = batch.count
    batch.append(event)
    return event
  }
}

/// Salts from one draw of randomness for many events.
private struct SaltSource {
  private var bytes: [UInt8] = []

  mutating func next() -> [UInt8] {
    if bytes.count < 16 { bytes = SecureRandom.bytes(4096) }
    let salt = Array(bytes.suffix(16))
    bytes.removeLast(16)
    return salt
  }
}
