public import Domain

/// The parts of a recorded event that the state folds; personal parts never reach it.
public struct AppliedEvent: Sendable {
  /// Its place in the ledger, from 1.
  public var position: Int64
  /// Catalogue name.
  public var type: String
  /// From 1.
  public var typeVersion: Int
  /// What the event is about.
  public var subject: String
  /// Its place within the subject, from 1.
  public var sequence: Int64
  /// The producer's time.
  public var occurredAt: Timestamp
  /// The ledger's time.
  public var recordedAt: Timestamp
  /// The key that caused it.
  public var actor: String
  /// The kind of that key.
  public var actorKind: ActorKind
  /// What was said, without the personal members.
  public var data: JSON
  /// What the ledger concluded.
  public var derived: JSON?
  /// Makes an event to apply.
  public init(
    position: Int64, type: String, typeVersion: Int, subject: String, sequence: Int64, occurredAt: Timestamp,
    recordedAt: Timestamp, actor: String, actorKind: ActorKind, data: JSON, derived: JSON?
  ) {
    self.position = position
    self.type = type
    self.typeVersion = typeVersion
    self.subject = subject
    self.sequence = sequence
    self.occurredAt = occurredAt
    self.recordedAt = recordedAt
    self.actor = actor
    self.actorKind = actorKind
    self.data = data
    self.derived = derived
  }
}
