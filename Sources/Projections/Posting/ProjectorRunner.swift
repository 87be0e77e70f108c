public import Postgres

/// Posts events into the books until it is cancelled: the body of a projector process.
///
/// Any number of them may run against one database: each book of each ledger is held by one at a time.
public final class ProjectorRunner: Sendable {
  private let settings: ConnectionSettings
  private let catalogue: ProjectionCatalogue
  private let limits: ProjectorLimits
  private let report: @Sendable (ProjectorReport) -> Void

  /// Makes a runner.
  ///
  /// - Parameters:
  ///   - settings: Where the log is. The role should be `daybook_projector`.
  ///   - catalogue: What to post; registered at the start of ``run()``.
  ///   - report: Told what an operator should hear, from any thread.
  public init(
    _ settings: ConnectionSettings, catalogue: ProjectionCatalogue, limits: ProjectorLimits = .init(),
    report: @escaping @Sendable (ProjectorReport) -> Void = { _ in }
  ) {
    self.settings = settings
    self.catalogue = catalogue
    self.limits = limits
    self.report = report
  }

  /// Registers the catalogue, then posts until the task is cancelled; comes back by itself when the database was away.
  ///
  /// - Throws: ``ProjectionError`` `definitionChanged` when a definition changed and kept its version, `defect` when its
  ///   tables cannot be made.
  public func run() async throws {
    let posted = try await StopFlag.runBlocking("daybook.projections.register") { try self.register(until: $0) }
    let turns = FloodTurns()
    let builds = Task { try await self.runBuilds() }
    defer { builds.cancel() }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for projection in posted {
        group.addTask {
          try await StopFlag.runBlocking("daybook.projections.\(projection)") { stop in
            try ProjectionWorker(
              self.settings, projection: projection, limits: self.limits, turns: turns, stop: stop,
              report: self.report
            ).run()
          }
        }
      }
      try await group.waitForAll()
    }
  }

  /// Makes the catalogue known, waiting for the database if it must; answers the names of all projections that are live.
  private func register(until stop: StopFlag) throws -> [String] {
    var backoff = Backoff()
    while true {
      try stop.check()
      do {
        let connection = try PostingConnection.open(settings, limits)
        defer { connection.close() }
        let registry = ProjectionRegistry()
        for notice in try registry.register(catalogue, on: connection) { report(.notice(notice)) }
        try ProjectionRegistry.sweep(on: connection)
        return try registry.builds(on: connection).filter { $0.state == .live }.map(\.projection)
      } catch let error as PostgresError where error.isTransient {
        let pause = backoff.next()
        report(.disconnected(message: "\(error)", retryInMilliseconds: Int(pause / .milliseconds(1))))
        backoff.sleep(pause, unless: stop)
      }
    }
  }

  /// Builds the versions that wait for it, one after the other, and looks again now and then.
  private func runBuilds() async throws {
    try await StopFlag.runBlocking("daybook.projections.builds") { stop in
      try BuildQueue(self.settings, limits: self.limits, stop: stop, report: self.report).run()
    }
  }
}
