public import Postgres

/// Posts events into the books until it is cancelled: the body of a projector process.
///
/// Any number of them may run against one database: each book of each ledger is held by one at a time.
public final class ProjectorRunner: Sendable {
  /// Makes a runner.
  ///
  /// - Parameters:
  ///   - settings: Where the log is. The role should be `daybook_projector`.
  ///   - catalogue: What to post; registered at the start of ``run()``.
  ///   - report: Told what an operator should hear, from any thread.
  public init(
    _ settings: ConnectionSettings, catalogue: ProjectionCatalogue, limits: ProjectorLimits = .init(),
    report: @escaping @Sendable (ProjectorReport) -> Void = { _ in }
  ) { fatalError("contract") }

  /// Registers the catalogue, then posts until the task is cancelled; comes back by itself when the database was away.
  ///
  /// - Throws: ``ProjectionError`` `definitionChanged` when a definition changed and kept its version.
  public func run() async throws { fatalError("contract") }
}

/// Bounds of posting, with the reason for each.
public struct ProjectorLimits: Sendable {
  /// Events of one transaction while keeping up: some 50 ms of work, so that readers see progress.
  public var batch: Int64
  /// Events of one transaction of a build, at most: enough to make the per-batch cost vanish.
  public var buildBatch: Int64
  /// How long a projector sleeps without a notification: the floor of freshness when one is lost.
  public var poll: Duration
  /// A lock denied for longer than this is reported.
  public var patience: Duration

  /// Makes limits.
  public init(
    batch: Int64 = 20_000, buildBatch: Int64 = 200_000, poll: Duration = .milliseconds(200),
    patience: Duration = .seconds(30)
  ) {
    self.batch = batch
    self.buildBatch = buildBatch
    self.poll = poll
    self.patience = patience
  }
}

/// What an operator should hear from a projector.
public enum ProjectorReport: Sendable, Equatable {
  /// A projection stopped at an event that cannot be posted.
  case stopped(projection: String, ledger: String, fault: BookStatus.PostingFault)
  /// It goes on.
  case resumed(projection: String, ledger: String)
  /// Somebody else has held the book for long, by now this many seconds.
  case lockDenied(projection: String, ledger: String, seconds: Int)
  /// The database is away; next try in some milliseconds.
  case disconnected(message: String, retryInMilliseconds: Int)
  /// A new version is being built.
  case building(projection: String, RebuildProgress)
  /// A new version is live.
  case live(projection: String, version: Int)
  /// Something odd that needs no action at once.
  case notice(String)
}
