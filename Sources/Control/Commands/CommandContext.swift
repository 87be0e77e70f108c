public import Domain

/// What a decision may look at besides the state.
public struct CommandContext: Sendable {
  /// Who asks.
  public var principal: Principal
  /// The batch's recorded time.
  public var now: Timestamp
  /// Fresh randomness for ids, made outside (approval and key ids): 128 printable bits, e.g. a UUIDv7 text.
  public var freshID: String
  /// The ledger's reporting time zone.
  public var zone: ReportingZone
  /// Events of the log that the command named (`Command.neededPositions`), read under the lock.
  public var events: [Int64: RecordedEvent]
  /// Last sequence of the subjects that the command named (`Command.neededSubjects`), read under the lock; absent: 0.
  public var sequences: [String: Int64]
  /// Last event of the subjects that the command named, read under the lock; absent: it has none.
  public var lastEvents: [String: RecordedEvent]
  /// Lower-case hex roots of the log's tree, at the positions that a closing claims something about, where the ledger has
  /// them; computed under the lock.
  public var roots: [Int64: String]
  /// What an erasure selects (`ControlState.erasure(by:)`), as the log has it under the lock.
  public var erasable = Erasable()
  /// The tokens of the persons that the command names, by the member that names them (`user`, `session`).
  public var tokens: [String: String]
  /// Lower-case hex SHA-256 of bytes: this room has no hashing of its own.
  public var digest: @Sendable ([UInt8]) -> String
  /// Makes a context.
  public init(
    principal: Principal, now: Timestamp, freshID: String, zone: ReportingZone = .utc,
    events: [Int64: RecordedEvent] = [:], sequences: [String: Int64] = [:],
    lastEvents: [String: RecordedEvent] = [:], roots: [Int64: String] = [:], tokens: [String: String] = [:],
    digest: @escaping @Sendable ([UInt8]) -> String
  ) {
    self.principal = principal
    self.now = now
    self.freshID = freshID
    self.zone = zone
    self.events = events
    self.sequences = sequences
    self.lastEvents = lastEvents
    self.roots = roots
    self.tokens = tokens
    self.digest = digest
  }
}
