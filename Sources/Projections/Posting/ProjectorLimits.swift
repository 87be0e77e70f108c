/// Bounds of posting, with the reason for each.
public struct ProjectorLimits: Sendable {
  /// Events of one transaction while keeping up: some 50 ms of work, so that readers see progress.
  public var batch: Int64
  /// Events of one transaction of a build, at most: enough to make the per-batch cost vanish.
  public var buildBatch: Int64
  /// How long a projector sleeps without a notification: the floor of freshness when one is lost.
  public var poll: Duration
  /// How long a projector that keeps up lets events gather after a batch: it bounds the batches a second, and adds to
  /// the lag.
  public var pause: Duration
  /// The same in a flood of events (`FloodGauge`), at most: what a batch costs besides its events is paid once for tens of
  /// thousands then, and whoever writes finds a processor. It ends with the flood.
  public var floodPause: Duration
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
    pause: Duration = .milliseconds(20), floodPause: Duration = .seconds(3), patience: Duration = .seconds(30),
    statementTimeout: Duration = .seconds(120), snapshotInterval: Int64 = 250_000
  ) {
    self.batch = batch
    self.buildBatch = buildBatch
    self.poll = poll
    self.pause = pause
    self.floodPause = floodPause
    self.patience = patience
    self.statementTimeout = statementTimeout
    self.snapshotInterval = snapshotInterval
  }
}
