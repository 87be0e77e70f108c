import DaybookClient
import Postgres

/// One run: a deployment, the measures in an order that lets the log grow meanwhile, the check, the table.
final class Bench {
  let settings: Settings
  let deployment: Deployment
  let report = Report()
  let appender: Appender
  /// Single appends that were acknowledged.
  var acknowledgedSingles: Int64 = 0
  /// Decisions that were answered.
  var decided: Int64 = 0
  /// False once a decision that was answered is not there, or not one that the rules make.
  var decisionsAreWhole = true

  private init(_ settings: Settings, _ deployment: Deployment) throws {
    self.settings = settings
    self.deployment = deployment
    appender = Appender(client: try deployment.client(), completions: Completions())
  }

  /// Measures; answers whether everything that was appended is there.
  static func run(_ settings: Settings) async throws -> Bool {
    say("A deployment in \(settings.folder); load before: \(ProcessUse.load)")
    let deployment = try await Deployment.start(settings)
    do {
      let bench = try Bench(settings, deployment)
      let isWhole = try await bench.measure()
      try await deployment.stop()
      return isWhole
    } catch {
      try? await deployment.stop()
      throw error
    }
  }

  private func measure() async throws -> Bool {
    let copying = try CopyBaseline(deployment)
    defer { copying.close() }
    let inserting = try Pgbench(deployment)
    // Everything once, so that plans, caches and connections are made.
    _ = try await appender.append(2 * Settings.batch)
    if settings.wants("batch") { try await measureBatches(against: copying) }
    if settings.wants("single") { try measureSingles(against: inserting) }
    if settings.wants("decision") {
      try await measureDecisions(against: inserting)
    }
    if settings.wants("sealing") { try await measureSealing() }
    if settings.wants("dump") { try await measureDuringDump() }
    deployment.projector.start()
    if settings.wants("lag") { try await measureLag() }
    if ["rebuild", "finance", "query", "archive", "verify"].contains(where: settings.wants) {
      let first = try await grow(to: settings.million)
      if settings.wants("rebuild") { try await measureRebuild(first) }
      if settings.wants("finance") { try await measureFinance(first) }
      if settings.wants("query") { try await measureQueries(first) }
      if settings.wants("verify") { try measureVerify(first) }
      if settings.wants("archive") { try await measureArchive(first) }
    }
    // Last of those that grow the log: what it writes is as long as what it re-rates.
    if settings.wants("rerate") { try await measureRerate(try await grow(to: settings.million)) }
    if settings.wants("as-of") { try await measureAsOf() }
    // In the longest log that there is.
    if settings.wants("proof") { try await measureProofs(of: settings.wants("as-of") ? Self.history : "main") }
    measureMemory()
    let isWhole = try await check() && decisionsAreWhole
    print(report.text, terminator: "")
    print(Self.howToRead)
    return isWhole
  }

  /// Appends until the log holds so many events, and waits until they are posted.
  func grow(to target: Int64) async throws -> Int64 {
    say("Growing to \(target) events")
    let reached = try await appender.grow(to: target, within: settings.growthBound)
    if reached < target { report.note("Grew to \(reached) events only: the time for \(target) was up.") }
    try await untilPosted(reached)
    return reached
  }

  /// Waits until every book reflects a position.
  func untilPosted(_ position: Int64, of ledger: String = "main") async throws {
    let connection = try deployment.connect()
    defer { connection.close() }
    let deadline = ContinuousClock.now + .seconds(900)
    while ContinuousClock.now < deadline {
      let rows = try connection.execute(
        """
        SELECT count(*) FILTER (WHERE c.position >= $1), count(*)
        FROM daybook.projections p
        LEFT JOIN daybook.cursors c ON c.projection = p.projection AND c.build = p.build AND c.ledger_id = $2
        WHERE p.state = 'live'
        """, [.int64(position), .text(ledger)])
      if rows.int64(0, 1) > 0, rows.int64(0, 0) == rows.int64(0, 1) { return }
      try await Task.sleep(for: .milliseconds(100))
    }
    throw MeasureError("the books of \(ledger) do not reach position \(position)")
  }

  private static let howToRead = """

    How to read it: each ratio is the median of rounds in which both sides ran one after the other on this machine, so what
    else the machine does falls on both. "ratio" is ours by theirs; for times, how many times as long ours takes. Absolute
    figures say little about another machine. No projector runs while appends are compared with bare Postgres.
    """
}
