import Postgres

/// Builds new versions as they are registered, beside the books that serve.
final class BuildQueue {
  private let settings: ConnectionSettings
  private let limits: ProjectorLimits
  private let stop: StopFlag
  private let report: @Sendable (ProjectorReport) -> Void
  private let registry = ProjectionRegistry()
  /// Builds that stopped, and when they are looked at again.
  private var retryAt: [String: ContinuousClock.Instant] = [:]

  init(
    _ settings: ConnectionSettings, limits: ProjectorLimits, stop: StopFlag,
    report: @escaping @Sendable (ProjectorReport) -> Void
  ) {
    self.settings = settings
    self.limits = limits
    self.stop = stop
    self.report = report
  }

  /// Builds until stopped; comes back by itself after the database was away.
  func run() throws {
    var backoff = Backoff()
    while !stop.isSet {
      do {
        let connection = try PostingConnection.open(settings, limits)
        defer { connection.close() }
        while !stop.isSet {
          try buildNext(on: connection)
          try ProjectionRegistry.sweep(on: connection)
          backoff.reset()
          backoff.sleep(.seconds(1), unless: stop)
        }
      } catch is CancellationError {
        return
      } catch {
        // The workers say that the database is away.
        backoff.sleep(backoff.next(), unless: stop)
      }
    }
  }

  private func buildNext(on connection: Connection) throws {
    let builds = try registry.builds(on: connection)
    for build in builds where build.state == .building {
      guard let live = builds.first(where: { $0.projection == build.projection && $0.state == .live }),
        live.version < build.version, mayBuild(build.schema),
        try connection.tryLock(.building(build.projection))
      else { continue }
      try construct(build, beside: live, on: connection)
      try connection.unlock(.building(build.projection))
    }
  }

  private func mayBuild(_ schema: String) -> Bool {
    guard let time = retryAt[schema] else { return true }
    return ContinuousClock.now >= time
  }

  private func later(_ build: ProjectionBuild, _ error: any Error) {
    report(.notice("\(build.projection) version \(build.version) is not built yet: \(error)"))
    retryAt[build.schema] = .now + .seconds(10)
  }

  private func construct(_ build: ProjectionBuild, beside live: ProjectionBuild, on connection: Connection) throws {
    let report = self.report
    let projection = build.projection
    var runner = BuildRunner(
      build: build, live: live, limits: limits, replacesDiffering: true, stop: stop,
      tell: { report(.notice($0)) }
    ) { report(.building(projection: projection, $0)) }
    do {
      _ = try runner.run(on: connection)
      report(.live(projection: projection, version: build.version))
      try ProjectionRegistry.sweep(on: connection)
    } catch let error as ProjectionError {
      later(build, error)
    } catch let error as PostgresError where !error.isConnectionLoss {
      later(build, error)
    }
  }
}
