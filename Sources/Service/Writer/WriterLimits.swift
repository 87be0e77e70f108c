/// The writer's bounds, in one place.
public struct WriterLimits: Sendable {
  /// Events that may wait; beyond it callers are told to come back. A second's work at full speed.
  public var queuedEvents = 50_000
  /// Bytes of bodies that may wait.
  public var queuedBytes = 32 << 20
  /// Events after which a batch is closed (a single submission may be larger: 10,000). Batches of a hundred already reach nine
  /// tenths of what `COPY` does; larger ones only lengthen the time the lock is held.
  public var batchEvents = 2_000
  /// How far Postgres's clock and ours may be apart.
  public var clockSkew: Duration = .seconds(60)
  /// How long the outcome of a lost commit is looked for.
  public var resolutionTime: Duration = .seconds(10)
  /// How often a batch waits for the ledger's lock once more, six seconds each time.
  public var lockWaits = 2
  /// Subjects whose last sequences are kept in memory, per generation.
  public var cachedSubjects = 100_000
  /// Persons whose tokens are kept in memory, per generation.
  public var cachedPersons = 25_000

  /// The defaults.
  public init() {}
}
