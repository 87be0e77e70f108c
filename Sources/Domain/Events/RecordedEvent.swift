/// An event of the log, as stored.
public struct RecordedEvent: Sendable, Equatable {
  public var ledger: String
  public var position: Int64
  public var id: String
  public var source: String
  public var type: String
  public var typeVersion: Int
  public var subject: String
  public var sequence: Int64
  public var occurredAt: Timestamp
  public var recordedAt: Timestamp
  public var actor: String
  public var actorKind: ActorKind
  public var correlationID: String?
  public var causationID: String?
  public var traceparent: String?
  /// JSON text; canonical when just written, in Postgres's own spelling when read back.
  public var data: [UInt8]
  public var personal: [UInt8]?
  /// 16 bytes.
  public var salt: [UInt8]?
  /// 32 bytes.
  public var personalHash: [UInt8]?
  public var derived: [UInt8]?
  /// 32 bytes.
  public var payloadHash: [UInt8]
}
