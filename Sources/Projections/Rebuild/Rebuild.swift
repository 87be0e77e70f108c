public import Postgres

/// Builds a book anew from the log while the old one serves, compares, and swaps.
public struct Rebuild: Sendable {
  /// Rebuilds a projection for all ledgers, with its live definition.
  ///
  /// Blocks until done; run it off the main actor. Task cancellation is seen between batches, and leaves the live book as it is.
  ///
  /// - Parameters:
  ///   - replacesDiffering: Swaps although the old book differs; without it that is an error and the old one stays.
  ///   - progress: Called after every batch.
  ///   - tell: Told where a snapshot of the new book could not be kept.
  /// - Throws: ``ProjectionError``: `unknownBook`, `alreadyBuilding`, `differs`, `stopped`, `unavailable`.
  @discardableResult
  public static func run(
    _ settings: ConnectionSettings, projection: String, replacesDiffering: Bool = false,
    limits: ProjectorLimits = .init(), progress: @escaping @Sendable (RebuildProgress) -> Void = { _ in },
    tell: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws -> RebuildResult {
    try await StopFlag.runBlocking("daybook.projections.rebuild") { stop in
      do {
        let connection = try PostingConnection.open(settings, limits)
        defer {
          connection.unlockAll()
          connection.close()
        }
        return try rebuild(
          projection, replacesDiffering, limits: limits, stop: stop, tell: tell, progress: progress, on: connection)
      } catch let error as PostgresError {
        throw ProjectionError(error.isTransient ? .unavailable : .defect, "\(projection): \(error)")
      }
    }
  }

  private static func rebuild(
    _ projection: String, _ replacesDiffering: Bool, limits: ProjectorLimits, stop: StopFlag,
    tell: @escaping @Sendable (String) -> Void, progress: @escaping @Sendable (RebuildProgress) -> Void,
    on connection: Connection
  ) throws -> RebuildResult {
    let registry = ProjectionRegistry()
    guard try connection.tryLock(.building(projection)) else {
      throw ProjectionError(.alreadyBuilding, "\(projection) is being built by somebody else")
    }
    let build = try connection.transaction {
      try connection.lockUntilCommit(.registry)
      let known = try registry.builds(on: connection).filter { $0.projection == projection }
      guard let live = known.first(where: { $0.state == .live }) else {
        throw ProjectionError(.unknownBook, "there is no book \(projection)")
      }
      // What a rebuild that died left behind; a newer version that is laid out stays.
      for left in known where left.state == .building && left.version == live.version {
        try registry.retire(left, on: connection)
      }
      return (new: try registry.insert(live.definition, state: .building, on: connection), live: live)
    }
    do {
      var runner = BuildRunner(
        build: build.new, live: build.live, limits: limits, replacesDiffering: replacesDiffering, stop: stop,
        tell: tell, progress: progress)
      let result = try runner.run(on: connection)
      try ProjectionRegistry.sweep(on: connection)
      return result
    } catch {
      if connection.isOpen {
        connection.rollBack()
        try? connection.transaction { try registry.retire(build.new, on: connection) }
        try? ProjectionRegistry.sweep(on: connection)
      }
      throw error
    }
  }
}
