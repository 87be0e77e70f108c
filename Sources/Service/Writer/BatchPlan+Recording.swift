import Crypto
import Domain
import Integrity
import Log

extension BatchPlan {
  /// Gives an event its place, hashes it and puts it into the batch.
  @discardableResult
  mutating func record(
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
    changedSequences[event.subject] = sequence
    planned[Identity(id: event.id, source: event.source)] = batch.count
    batch.append(event)
    if event.type == "payload.erased" { note(erasure: event) }
    unsentBytes += event.data.count + (event.derived?.count ?? 0)
    return event
  }

  /// Bytes of events that one statement takes ahead: few enough that Postgres starts soon.
  static let sentAtOnce = 14 << 10
  /// Bytes that a piece need not grow beyond, however many went before.
  private static let sentAtMost = 64 << 10

  /// Sends ahead what is planned for good, where it is enough and may be.
  ///
  /// Later pieces are half of what went before, so that the cost of a statement vanishes in a large batch; up to
  /// `sentAtMost`, as Postgres is alone with the last one.
  mutating func sendWhatIsPlanned(atOnce: Int = sentAtOnce) {
    guard let sendAhead, unsentBytes >= max(atOnce, min(sentBytes / 2, Self.sentAtMost)) else { return }
    sendAhead(batch, sentCount)
    sentCount = batch.count
    sentBytes += unsentBytes
    unsentBytes = 0
  }
}

/// Salts from one draw of randomness for many events.
struct SaltSource {
  private var bytes: [UInt8] = []

  mutating func next() -> [UInt8] {
    if bytes.count < 16 { bytes = SecureRandom.bytes(4096) }
    let salt = Array(bytes.suffix(16))
    bytes.removeLast(16)
    return salt
  }
}
