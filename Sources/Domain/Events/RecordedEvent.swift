/// An event of the log, as stored.
public struct RecordedEvent: Sendable, Equatable {
  /// The ledger's name.
  public var ledger: String
  /// Place in the ledger, from 1 without gaps.
  public var position: Int64
  /// The producer's id of the event.
  public var id: String
  /// Who produced it; with `id`, its identity.
  public var source: String
  /// Catalogue name or `x.…`.
  public var type: String
  /// Version of the type, from 1.
  public var typeVersion: Int
  /// What the event is about.
  public var subject: String
  /// Place within the subject, from 1 without gaps.
  public var sequence: Int64
  /// The producer's word of when it happened; the recorded time where it gave none.
  public var occurredAt: Timestamp
  /// When the ledger took it.
  public var recordedAt: Timestamp
  /// Id of the key that appended it.
  public var actor: String
  /// Kind of that key.
  public var actorKind: ActorKind
  /// What it belongs together with.
  public var correlationID: String?
  /// What caused it.
  public var causationID: String?
  /// W3C trace context.
  public var traceparent: String?
  /// JSON text; canonical when just written, in Postgres's own spelling when read back.
  public var data: [UInt8]
  /// JSON text of the personal part; nil where there is none or it was erased.
  public var personal: [UInt8]?
  /// 16 bytes, where there is a personal part.
  public var salt: [UInt8]?
  /// 32 bytes; outlives an erasure.
  public var personalHash: [UInt8]?
  /// JSON text of what the ledger concluded.
  public var derived: [UInt8]?
  /// 32 bytes.
  public var payloadHash: [UInt8]

  /// Makes an event.
  public init(
    ledger: String, position: Int64, id: String, source: String, type: String, typeVersion: Int, subject: String,
    sequence: Int64, occurredAt: Timestamp, recordedAt: Timestamp, actor: String, actorKind: ActorKind,
    correlationID: String? = nil, causationID: String? = nil, traceparent: String? = nil, data: [UInt8],
    personal: [UInt8]? = nil, salt: [UInt8]? = nil, personalHash: [UInt8]? = nil, derived: [UInt8]? = nil,
    payloadHash: [UInt8]
  ) {
    self.ledger = ledger
    self.position = position
    self.id = id
    self.source = source
    self.type = type
    self.typeVersion = typeVersion
    self.subject = subject
    self.sequence = sequence
    self.occurredAt = occurredAt
    self.recordedAt = recordedAt
    self.actor = actor
    self.actorKind = actorKind
    self.correlationID = correlationID
    self.causationID = causationID
    self.traceparent = traceparent
    self.data = data
    self.personal = personal
    self.salt = salt
    self.personalHash = personalHash
    self.derived = derived
    self.payloadHash = payloadHash
  }
}
