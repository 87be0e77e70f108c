/// Bounds of questions, with the reason for each.
public struct BookLimits: Sendable {
  /// One query's time in Postgres: a reader must not hold back vacuum for long.
  public var statementTimeout: Duration
  /// How long `min_position` waits: shorter than the usual HTTP client's patience.
  public var minPositionWait: Duration
  /// Replays at once: each holds a connection and a core.
  public var replays: Int
  /// One replay's time, posting and answering.
  public var replayTimeout: Duration
  /// Bytes of the tables of a replay, indexes included: what it writes is thrown away, but must fit beside the log.
  public var replayBytes: Int64
  /// How long the log is scanned for the events behind rows before what was found so far is answered.
  public var scanTime: Duration
  /// Connections for questions.
  public var connections: Int

  /// Makes limits.
  public init(
    statementTimeout: Duration = .seconds(15), minPositionWait: Duration = .seconds(10), replays: Int = 2,
    replayTimeout: Duration = .seconds(120), replayBytes: Int64 = 4 << 30, scanTime: Duration = .seconds(20),
    connections: Int = 4
  ) {
    self.statementTimeout = statementTimeout
    self.minPositionWait = minPositionWait
    self.replays = replays
    self.replayTimeout = replayTimeout
    self.replayBytes = replayBytes
    self.scanTime = scanTime
    self.connections = connections
  }
}
