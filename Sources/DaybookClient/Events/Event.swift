public import Domain

/// An event to append: what happened, about what, when, and under which identity.
///
/// Its data is encoded once, when it is made, so that repeating an append sends the same bytes.
public struct Event: Sendable {
  /// The identity, unique per source and ledger: 1 to 128 printable ASCII characters.
  ///
  /// The same event sent again, with the same id, is recorded once.
  public var id: String
  /// Who produced it; the client's `configuration.source` where it is nil. 1 to 256 printable ASCII characters.
  public var source: String?
  /// The catalogue's name, or `x.…` for the user's own.
  public let type: String
  /// The version of the type, from 1.
  public let typeVersion: Int
  /// What it is about, such as `call/<id>`: 1 to 256 printable ASCII characters.
  public var subject: String
  /// When it happened; where it is nil, the ledger's recorded time. At most ten minutes ahead of the ledger's clock.
  public var time: Timestamp?
  /// The optimistic lock: the last sequence of the subject that the producer knows; 0 where the subject must be new.
  public var expectedSequence: Int64?
  /// What belongs together; 1 to 256 printable ASCII characters.
  public var correlationID: String?
  /// The id of the event that caused this one.
  public var causationID: String?
  /// W3C trace context.
  public var traceparent: String?
  /// The data as JSON text in canonical form, at most 48 KiB.
  public let data: [UInt8]

  /// Makes an event from what happened.
  ///
  /// - Parameters:
  ///   - content: The typed data, such as ``CompletionRecorded``.
  ///   - subject: What it is about; see the type for the prefix that it wants.
  ///   - id: The identity; a new UUIDv7 by default.
  ///   - source: Who produced it; the client's own by default.
  ///   - time: When it happened; this machine's clock by default.
  ///   - expectedSequence: The optimistic lock.
  ///   - correlationID: What belongs together.
  ///   - causationID: The id of the event that caused this one.
  ///   - traceparent: W3C trace context.
  public init(
    _ content: some EventContent, subject: String, id: String = EventID.make(), source: String? = nil,
    time: Timestamp? = .now(), expectedSequence: Int64? = nil, correlationID: String? = nil,
    causationID: String? = nil, traceparent: String? = nil
  ) {
    self.id = id
    self.source = source
    type = content.eventType
    typeVersion = content.eventTypeVersion
    self.subject = subject
    self.time = time
    self.expectedSequence = expectedSequence
    self.correlationID = correlationID
    self.causationID = causationID
    self.traceparent = traceparent
    var writer = DataWriter(capacity: 384)
    content.write(to: &writer)
    data = writer.bytes
  }
}

extension Event: CustomStringConvertible {
  /// Type, subject and id; never the data.
  public var description: String { "\(type) \(subject) \(id)" }
}
