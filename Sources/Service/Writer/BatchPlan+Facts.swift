import Control
import Crypto
import Domain
import Log

extension BatchPlan {
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
      // One copy for all that look at it.
      let draft = drafts[index]
      let conclusion = conclude(draft, by: principal)
      record(draft, sequence: sequence, derived: conclusion.derived, by: principal)
      memory.state.advance(to: memory.position)
      memory.state.note(conclusion.posting, of: draft.type)
      memory.state.observe(draft, recordedAt: now)
      if let effect = conclusion.effect { memory.state.apply(effect, of: draft.subject, recordedAt: now) }
      sendWhatIsPlanned()
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

  /// The person's token, made where there is none.
  mutating func token(of person: PersonName) -> String {
    if let known = knownToken(of: person) { return known }
    let token = SecureRandom.personToken()
    newTokens[person] = token
    return token
  }

  /// The person's token, where there is one that no erasure of this batch forgot.
  func knownToken(of person: PersonName) -> String? {
    guard let token = newTokens[person] ?? persons[person] ?? view.tokens[person], !forgotten.contains(token) else {
      return nil
    }
    return token
  }

  private mutating func conclude(_ draft: EventDraft, by principal: Principal) -> FactConclusion {
    var persons: [(pointer: String, token: String)] = []
    for mention in draft.persons {
      persons.append((mention.pointer, token(of: PersonName(kind: mention.kind, value: mention.value))))
    }
    return memory.withState {
      $0.conclude(draft, occurredAt: draft.time ?? now, recordedAt: now, zone: zone, persons: persons, by: principal)
    }
  }
}
