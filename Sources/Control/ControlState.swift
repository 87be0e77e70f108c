public import Domain

/// What the ledger must know to answer: a pure value folded from the log.
///
/// Changes go into an overlay: `apply` writes there, `merge` takes it over once the batch is committed, `drop` forgets it.
/// Reading always sees the overlay. No I/O, clock, randomness or environment inside.
public struct ControlState: Sendable {
  /// Starts empty, at position 0.
  public init(ledger: String) { fatalError("contract") }
  /// The ledger's name.
  public var ledger: String { fatalError("contract") }
  /// Position of the last event applied (overlay included).
  public var position: Int64 { fatalError("contract") }
  /// The types that change the state; a reader may skip the others.
  public static var eventTypes: Set<String> { fatalError("contract") }
  /// Applies one event of the log; events of other types only move the position.
  public mutating func apply(_ event: AppliedEvent) { fatalError("contract") }
  /// Says that everything up to `position` was seen, though nothing of it concerned the state.
  public mutating func advance(to position: Int64) { fatalError("contract") }
  /// Makes the overlay part of the state.
  public mutating func merge() { fatalError("contract") }
  /// Forgets the overlay.
  public mutating func drop() { fatalError("contract") }
  /// The events due at or before `now` (expired approvals), in a reproducible order.
  public func due(at now: Timestamp) -> [PlannedEvent] { fatalError("contract") }
  /// Decides a command: the events it causes, or a refusal.
  public func decide(_ command: Command, _ context: CommandContext) throws(Refusal) -> [PlannedEvent] {
    fatalError("contract")
  }
  /// What the ledger concludes about a fact (cost lines, posting date, lateness); persons are added by the writer.
  /// nil where it concludes nothing.
  public func derive(_ draft: EventDraft, occurredAt: Timestamp, recordedAt: Timestamp, zone: ReportingZone) -> JSON? {
    fatalError("contract")
  }
  /// Canonical JSON of the merged state; equal at a position everywhere.
  public func snapshot() -> [UInt8] { fatalError("contract") }
  /// Reads a snapshot.
  public init(snapshot: [UInt8]) throws(SnapshotFault) { fatalError("contract") }
}

/// A snapshot that cannot be read.
public struct SnapshotFault: Error, Sendable { public var detail: String }

/// The parts of a recorded event that the state folds; personal parts never reach it.
public struct AppliedEvent: Sendable {
  public var position: Int64
  public var type: String
  public var typeVersion: Int
  public var subject: String
  public var sequence: Int64
  public var occurredAt: Timestamp
  public var recordedAt: Timestamp
  public var actor: String
  public var actorKind: ActorKind
  public var data: JSON
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

/// An event that the ledger itself is about to write. The catalogue validates it and sets its personal part apart.
public struct PlannedEvent: Sendable, Equatable {
  public var type: String
  public var subject: String
  public var data: JSON
  public var derived: JSON?
  /// Who caused it: the command's principal, or the ledger itself for what fell due.
  public var bySystem: Bool
  /// Makes a planned event.
  public init(type: String, subject: String, data: JSON, derived: JSON? = nil, bySystem: Bool = false) {
    self.type = type
    self.subject = subject
    self.data = data
    self.derived = derived
    self.bySystem = bySystem
  }
}

/// What a decision may look at besides the state.
public struct CommandContext: Sendable {
  public var principal: Principal
  /// The batch's recorded time.
  public var now: Timestamp
  /// Fresh randomness for ids, made outside (approval and key ids): 128 printable bits, e.g. a UUIDv7 text.
  public var freshID: String
  public var zone: ReportingZone
  /// Events of the log that the command named (`Command.neededPositions`), read under the lock.
  public var events: [Int64: RecordedEvent]
  /// Last sequence of the subjects that the command named (`Command.neededSubjects`), read under the lock; absent: 0.
  public var sequences: [String: Int64]
  /// Makes a context.
  public init(
    principal: Principal, now: Timestamp, freshID: String, zone: ReportingZone = .utc,
    events: [Int64: RecordedEvent] = [:], sequences: [String: Int64] = [:]
  ) {
    self.principal = principal
    self.now = now
    self.freshID = freshID
    self.zone = zone
    self.events = events
    self.sequences = sequences
  }
}

/// A "no" with a stable reason.
public struct Refusal: Error, Sendable, Equatable {
  /// Stable slug, the last part of the problem type: `approval-not-open`, `same-owner`, `kill-switch-already-active`, …
  public var code: String
  /// HTTP status: 403, 404, 409 or 422.
  public var status: Int
  /// For people.
  public var detail: String
  /// Makes a refusal.
  public init(code: String, status: Int, detail: String) {
    self.code = code
    self.status = status
    self.detail = detail
  }
}
