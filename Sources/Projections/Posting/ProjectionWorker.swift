import Domain
import Postgres

/// Keeps one projection posted, for all ledgers, on one connection and one thread.
final class ProjectionWorker {
  private let settings: ConnectionSettings
  private let projection: String
  private let limits: ProjectorLimits
  private let report: @Sendable (ProjectorReport) -> Void
  private let turns: FloodTurns
  private let stop: StopFlag
  private let registry = ProjectionRegistry()

  private var build: ProjectionBuild?
  private var posters: [String: LedgerPoster] = [:]
  private var held: Set<String> = []
  private var deniedSince: [String: ContinuousClock.Instant] = [:]
  private var stoppedAt: [String: Int64] = [:]
  private var refreshAt = ContinuousClock.now

  init(
    _ settings: ConnectionSettings, projection: String, limits: ProjectorLimits, turns: FloodTurns, stop: StopFlag,
    report: @escaping @Sendable (ProjectorReport) -> Void
  ) {
    self.settings = settings
    self.projection = projection
    self.limits = limits
    self.turns = turns
    self.stop = stop
    self.report = report
  }

  /// Posts until stopped; comes back by itself after the database was away.
  func run() throws {
    var backoff = Backoff()
    while !stop.isSet {
      do {
        let connection = try PostingConnection.openHolding(settings, limits)
        defer {
          connection.unlockAll()
          connection.close()
        }
        forget()
        try connection.listen("daybook_log")
        try post(on: connection, backoff: &backoff)
      } catch {
        let pause = backoff.next()
        report(.disconnected(message: "\(projection): \(error)", retryInMilliseconds: Int(pause / .milliseconds(1))))
        backoff.sleep(pause, unless: stop)
      }
    }
  }

  /// Session locks died with the connection, and what was known may be old.
  private func forget() {
    build = nil
    posters = [:]
    held = []
    deniedSince = [:]
    refreshAt = ContinuousClock.now
  }

  private func post(on connection: Connection, backoff: inout Backoff) throws {
    var woken: [String]?
    var lookEverywhereAt = ContinuousClock.now
    var gauge = FloodGauge(at: lookEverywhereAt)
    while !stop.isSet {
      let now = ContinuousClock.now
      if now >= refreshAt { try refresh(on: connection) }
      // A notification narrows the look to its ledger; but one may be lost, and a ledger may be new.
      if now >= lookEverywhereAt {
        woken = nil
        lookEverywhereAt = now + limits.poll
      }
      let look = try turns.during(gauge.isFlood) {
        try build.map { try sweep($0, only: woken, on: connection) } ?? Sweep()
      }
      backoff.reset()
      // Under load a batch every few milliseconds would cost more than it posts: they gather for a moment.
      gauge.note(look.posted, at: .now)
      if look.posted > 0, !look.isBehind {
        if gauge.isFlood { try gather(&gauge, on: connection) } else { backoff.sleep(limits.pause, unless: stop) }
      }
      let notes = try connection.notifications(within: look.isBehind ? .zero : limits.poll)
      let named = notes.compactMap { $0.payload.split(separator: " ").first.map(String.init) }
      woken = look.isBehind || named.isEmpty ? nil : Array(Set(named)).sorted()
    }
  }

  /// Lets a flood gather, until it is over or it has gathered for long.
  private func gather(_ gauge: inout FloodGauge, on connection: Connection) throws {
    let end = ContinuousClock.now + limits.floodPause
    var last = (heads: try CursorSweep.heads(on: connection), at: ContinuousClock.now)
    while gauge.isFlood, last.at < end, !stop.isSet {
      Backoff().sleep(FloodGauge.look, unless: stop)
      let heads = try CursorSweep.heads(on: connection)
      let now = ContinuousClock.now
      gauge.note(gathered: heads - last.heads, in: now - last.at)
      last = (heads, now)
    }
  }

  /// What a look at the ledgers came to.
  private struct Sweep {
    var isBehind = false
    var posted: Int64 = 0
  }

  private func refresh(on connection: Connection) throws {
    refreshAt = ContinuousClock.now + .seconds(1)
    let live = try registry.live(projection, on: connection)
    if live?.build != build?.build {
      posters = [:]
      stoppedAt = [:]
    }
    build = live
  }

  /// One batch for every ledger that is behind.
  private func sweep(_ build: ProjectionBuild, only: [String]?, on connection: Connection) throws -> Sweep {
    var result = Sweep()
    for ledger in try CursorSweep.read(build, only: only, on: connection) {
      if stop.isSet { return Sweep() }
      guard try holds(ledger.name, on: connection) else { continue }
      var poster = posters[ledger.name] ?? fresh(build, ledger)
      if poster.position != ledger.position { poster = fresh(build, ledger) }
      let step = try steps(&poster, to: ledger.head, on: connection)
      posters[ledger.name] = poster
      note(step, ledger.name)
      switch step {
      case .moved(let count):
        result.posted += count
        result.isBehind = result.isBehind || poster.position < ledger.head
      case .lost:
        posters[ledger.name] = nil
        refreshAt = ContinuousClock.now
      case .idle, .narrowed, .stopped: break
      }
    }
    return result
  }

  /// One batch, or as many smaller ones as it takes to find the event that cannot be posted. What may succeed later is
  /// left for later, with the smaller batch that the poster now has in mind.
  private func steps(
    _ poster: inout LedgerPoster, to head: Int64, on connection: Connection
  ) throws -> LedgerPoster.Step {
    do {
      var step = try poster.step(to: head, on: connection)
      while step == .narrowed, !stop.isSet { step = try poster.step(to: head, on: connection) }
      return step
    } catch let error as PostgresError where error.isTransient && !error.isConnectionLoss {
      report(.notice("\(projection): tried again: \(error)"))
      return .idle
    }
  }

  private func fresh(_ build: ProjectionBuild, _ ledger: CursorSweep.Ledger) -> LedgerPoster {
    LedgerPoster(
      BatchPost(build: build, ledger: ledger.name, snapshots: snapshots), position: ledger.position,
      fault: ledger.fault,
      smallest: limits.batch, largest: limits.buildBatch)
  }

  private var snapshots: SnapshotSchedule {
    SnapshotSchedule(interval: limits.snapshotInterval) { [report] in report(.notice($0)) }
  }

  private func note(_ step: LedgerPoster.Step, _ ledger: String) {
    switch step {
    case .stopped(let fault) where stoppedAt[ledger] != fault.position:
      stoppedAt[ledger] = fault.position
      report(.stopped(projection: projection, ledger: ledger, fault: fault))
    case .moved where stoppedAt[ledger] != nil:
      stoppedAt[ledger] = nil
      report(.resumed(projection: projection, ledger: ledger))
    default: break
    }
  }

  /// Takes the lock on the ledger's book, or says loudly that somebody else has had it for long.
  private func holds(_ ledger: String, on connection: Connection) throws -> Bool {
    if held.contains(ledger) { return true }
    if try connection.tryLock(.posting(projection, ledger)) {
      held.insert(ledger)
      deniedSince[ledger] = nil
      return true
    }
    let now = ContinuousClock.now
    let since = deniedSince[ledger] ?? now
    if deniedSince[ledger] == nil { deniedSince[ledger] = now }
    if now - since >= limits.patience {
      report(
        .lockDenied(projection: projection, ledger: ledger, seconds: Int((now - since) / .seconds(1))))
      // The next time after as long again.
      deniedSince[ledger] = now
    }
    return false
  }
}
