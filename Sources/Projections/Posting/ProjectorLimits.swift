/// Bounds of posting, with the reason for each.
public struct ProjectorLimits: Sendable {
  /// Events of one transaction while keeping up: some 50 ms of work, so that readers see progress.
  public var batch: Int64
  /// Events of one transaction of a build, at most: enough to make the per-batch cost vanish.
  public var buildBatch: Int64
  /// How long a projector sleeps without a notification: the floor of freshness when one is lost.
  public var poll: Duration
  /// How long a projector that keeps up lets events gather after a batch, at least and at most: it bounds the batches a
  /// second, and adds to the lag.
  public var pause: ClosedRange<Duration>
  /// How long it lets them gather for each event that it posted, in between. What comes faster than that is a history that
  /// is moved or re-rated: its batches grow until `pause` ends them, as what a batch costs besides its events is paid once
  /// then, and whoever writes finds a processor. At half that pace a projector works half of the time.
  public var pausePerEvent: Duration
  /// A lock denied for longer than this is reported.
  public var patience: Duration
  /// One statement of a fold may take this long; a batch that takes longer is tried again with half of its events.
  public var statementTimeout: Duration
  /// Positions between two snapshots of a book, at which batches end; 0: none are taken. A replay folds so many events at
  /// most, while the book is small enough to be copied so often and there are few enough snapshots to keep them all.
  public var snapshotInterval: Int64

  /// Makes limits.
  public init(
    batch: Int64 = 20_000, buildBatch: Int64 = 200_000, poll: Duration = .milliseconds(200),
    pause: ClosedRange<Duration> = .milliseconds(20)...(.seconds(3)), pausePerEvent: Duration = .microseconds(100),
    patience: Duration = .seconds(30), statementTimeout: Duration = .seconds(120),
    snapshotInterval: Int64 = 250_000
  ) {
    self.batch = batch
    self.buildBatch = buildBatch
    self.poll = poll
    self.pause = pause
    self.pausePerEvent = pausePerEvent
    self.patience = patience
    self.statementTimeout = statementTimeout
    self.snapshotInterval = snapshotInterval
  }

  /// How long events gather after a batch of so many.
  func pause(after events: Int64) -> Duration {
    min(max(pausePerEvent * Int(events), pause.lowerBound), pause.upperBound)
  }
}
