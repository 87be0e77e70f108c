import Domain
import Postgres

/// Posts a build up to where it can take the live one's place, compares the two where they must agree, and swaps.
///
/// The caller holds the projection's building lock.
struct BuildRunner {
  let build: ProjectionBuild
  let live: ProjectionBuild
  let limits: ProjectorLimits
  let replacesDiffering: Bool
  let stop: StopFlag
  let progress: @Sendable (RebuildProgress) -> Void
  /// Where the build keeps copies of itself, as the posted book does.
  let snapshots: SnapshotSchedule

  private var posters: [String: LedgerPoster] = [:]
  private var posted: Int64 = 0
  private var failures = 0
  private static let patience = 10

  init(
    build: ProjectionBuild, live: ProjectionBuild, limits: ProjectorLimits, replacesDiffering: Bool, stop: StopFlag,
    tell: @escaping @Sendable (String) -> Void, progress: @escaping @Sendable (RebuildProgress) -> Void
  ) {
    self.build = build
    self.live = live
    self.limits = limits
    self.replacesDiffering = replacesDiffering
    self.stop = stop
    self.progress = progress
    snapshots = SnapshotSchedule(interval: limits.snapshotInterval, tell: tell)
  }

  /// The same definition must give the same rows at the same position; another one has nothing to compare with.
  private var isSameDefinition: Bool { build.definition.checksum == live.definition.checksum }

  /// Posts, compares and swaps.
  mutating func run(on connection: Connection) throws -> RebuildResult {
    while true {
      do {
        if failures > 0 { try postAll(on: connection) }
        try postMost(on: connection)
        let result = try swap(on: connection)
        progress(RebuildProgress(posted: posted, total: posted, phase: .done))
        return result
      } catch let error as PostgresError where !error.isConnectionLoss {
        // An event of the last few that cannot be posted is found, or skipped, by the next round. Other trouble (a lock that
        // somebody's long query holds, a deadlock) may be over by then; not for ever.
        failures += 1
        if failures > Self.patience { throw error }
        posters = [:]
        Backoff().sleep(.milliseconds(200 * failures), unless: stop)
        try stop.check()
      }
    }
  }

  /// Where each ledger has to get: the live cursor if rows are compared there, else the head.
  private func targets(on connection: Connection) throws -> [(ledger: CursorSweep.Ledger, target: Int64)] {
    let ledgers = try CursorSweep.read(build, on: connection)
    guard isSameDefinition else { return ledgers.map { ($0, $0.head) } }
    let live = try livePositions(locking: false, on: connection)
    return ledgers.map { ($0, live[$0.name] ?? 0) }
  }

  private func livePositions(locking: Bool, on connection: Connection) throws -> [String: Int64] {
    let rows = try connection.execute(
      """
      SELECT ledger_id, position
      FROM daybook.cursors
      WHERE projection = $1 AND build = $2::bigint
      ORDER BY ledger_id\(locking ? " FOR UPDATE" : "")
      """, [.text(live.projection), .int64(Int64(live.build))])
    return Dictionary(uniqueKeysWithValues: (0..<rows.count).map { (rows.string($0, 0), rows.int64($0, 1)) })
  }

  /// Posts until less than one small batch is left over all ledgers.
  private mutating func postMost(on connection: Connection) throws {
    while true {
      let targets = try targets(on: connection)
      let rest = targets.reduce(0) { $0 + max(0, $1.target - $1.ledger.position) }
      tell(rest, .posting)
      if rest <= limits.batch { return }
      for (ledger, target) in targets where ledger.position < target {
        try postBatch(ledger, target, on: connection)
      }
    }
  }

  /// Posts all that is there now, however little: after a swap that failed, an event that cannot be posted stands there.
  private mutating func postAll(on connection: Connection) throws {
    let goals = Dictionary(
      uniqueKeysWithValues: try targets(on: connection).map { ($0.ledger.name, $0.target) })
    while true {
      let behind = try CursorSweep.read(build, on: connection).filter { $0.position < goals[$0.name] ?? 0 }
      if behind.isEmpty { return }
      for ledger in behind { try postBatch(ledger, goals[ledger.name] ?? 0, on: connection) }
    }
  }

  private mutating func postBatch(
    _ ledger: CursorSweep.Ledger, _ target: Int64, on connection: Connection
  ) throws {
    try stop.check()
    var poster =
      posters[ledger.name]
      ?? LedgerPoster(
        BatchPost(build: build, ledger: ledger.name, snapshots: snapshots), position: ledger.position,
        fault: ledger.fault,
        smallest: limits.batch, largest: limits.buildBatch)
    defer { posters[ledger.name] = poster }
    switch try poster.step(to: target, on: connection) {
    case .moved(let count): posted += count
    case .idle, .narrowed: break
    case .stopped(let fault):
      throw ProjectionError(
        .stopped,
        "\(build.projection) version \(build.version) cannot post event \(fault.position) of \(ledger.name): "
          + "\(fault.sqlState) \(fault.message)", position: fault.position)
    case .lost:
      throw ProjectionError(.alreadyBuilding, "\(build.projection): this build was given up by somebody else")
    }
  }

  private func tell(_ rest: Int64, _ phase: RebuildProgress.Phase) {
    progress(RebuildProgress(posted: posted, total: posted + rest, phase: phase))
  }

  /// Freezes the live book, posts the rest, compares, and takes its place: one transaction.
  private mutating func swap(on connection: Connection) throws -> RebuildResult {
    try connection.transaction("BEGIN; SET LOCAL synchronous_commit = on; SET LOCAL lock_timeout = '3s'") {
      try connection.lockUntilCommit(.registry)
      let frozen = try livePositions(locking: true, on: connection)
      try BookSchema.searchPath(build.schema, on: connection)
      var digests: [BookDigest] = []
      var differing: [String] = []
      for ledger in try CursorSweep.read(build, on: connection) {
        try stop.check()
        let target = isSameDefinition ? frozen[ledger.name] ?? 0 : ledger.head
        if ledger.position < target { try postRest(ledger, target, on: connection) }
        tell(0, .comparing)
        let mine = try digest(build, ledger.name, max(target, ledger.position), on: connection)
        digests.append(mine)
        if isSameDefinition, try digest(live, ledger.name, target, on: connection).sha256 != mine.sha256 {
          differing.append(ledger.name)
        }
      }
      guard differing.isEmpty || replacesDiffering else {
        throw ProjectionError(
          .differs,
          "\(build.projection): the live book differs from what the log says, in \(differing.joined(separator: ", "))"
        )
      }
      tell(0, .swapping)
      try goLive(on: connection)
      return RebuildResult(version: build.version, events: posted, digests: digests, differing: differing)
    }
  }

  private func digest(
    _ of: ProjectionBuild, _ ledger: String, _ position: Int64, on connection: Connection
  ) throws -> BookDigest {
    try BookDigest.read(of.definition, schema: of.schema, ledger: ledger, position: position, on: connection)
  }

  private mutating func postRest(
    _ ledger: CursorSweep.Ledger, _ target: Int64, on connection: Connection
  ) throws {
    var floor = ledger.position
    while floor < target {
      let ceiling = min(target, snapshots.next(after: floor))
      var statements = build.definition.fold(ledger: ledger.name, floor: floor, ceiling: ceiling)
      statements.append(
        Statement(
          """
          UPDATE daybook.cursors
          SET position = $5,
            recorded_at = (SELECT e.recorded_at FROM daybook.events AS e WHERE e.ledger_id = $1 AND e.position = $5),
            updated_at = clock_timestamp()
          WHERE ledger_id = $1 AND projection = $2 AND build = $3::bigint AND position = $4
          """,
          [
            .text(ledger.name), .text(build.projection), .int64(Int64(build.build)), .int64(floor), .int64(ceiling),
          ]))
      let results = try connection.pipeline(statements)
      guard results.last?.affected == 1 else {
        throw ProjectionError(.alreadyBuilding, "\(build.projection): somebody else posts this build")
      }
      if snapshots.isDue(at: ceiling) {
        try snapshots.take(build, ledger: ledger.name, at: ceiling, on: connection)
      }
      posted += ceiling - floor
      floor = ceiling
    }
  }

  private func goLive(on connection: Connection) throws {
    try BookSchema.publish(build.schema, build.definition, previous: live.definition, on: connection)
    try ProjectionRegistry().retire(live, on: connection)
    try connection.execute(
      """
      UPDATE daybook.projections
      SET state = 'live', live_at = clock_timestamp()
      WHERE projection = $1 AND build = $2::bigint
      """, [.text(build.projection), .int64(Int64(build.build))])
  }
}
