public import Domain

/// What a batch must see under the lock before it can be decided.
public struct AppendNeeds: Sendable {
  /// Identities whose first events must be looked up; empty where the writer trusts the unique index to object.
  public var identities: [Identity] = []
  /// Subjects whose last sequence is asked for.
  public var subjects: [String] = []
  /// Subjects whose last event is asked for.
  public var lastEvents: [String] = []
  /// Persons whose tokens are asked for.
  public var persons: [PersonName] = []
  /// Events that commands refer to.
  public var positions: [Int64] = []

  /// Nothing.
  public init() {}
}

/// Who an event is: unique per ledger, chosen by the producer.
public struct Identity: Hashable, Sendable {
  /// The event's id.
  public var id: String
  /// The event's source.
  public var source: String
  /// Makes an identity.
  public init(id: String, source: String) {
    self.id = id
    self.source = source
  }
}

/// What was seen under the lock.
public struct AppendView: Sendable {
  /// Postgres's clock.
  public var clock: Timestamp
  /// Events that other processes wrote since the writer last looked, at most `LogTransaction.missedLimit`.
  public var missed: [RecordedEvent]
  /// True where there are more missed events than that: roll back, catch up without the lock, begin again.
  public var missedTooMany: Bool
  /// The first events of the identities asked for.
  public var existing: [Identity: RecordedEvent]
  /// Last sequences of the subjects asked for; 0 for those without events.
  public var sequences: [String: Int64]
  /// Last events of the subjects asked for; absent for those without events.
  public var lastEvents: [String: RecordedEvent]
  /// Tokens of the persons asked for; unknown ones are absent.
  public var tokens: [PersonName: String]
  /// The events at the positions asked for.
  public var events: [Int64: RecordedEvent]
}
