import DaybookClient
import Postgres

extension Bench {
  /// How long after its acknowledgement an event is in daily_spend, while 5,000 events a second arrive.
  func measureLag() async throws {
    say("Lag of daily_spend at \(Settings.pace) events/s")
    try await untilPosted(try await appender.append(Settings.batch).last)
    // What was measured before may have been a flood, in which books gather for longer, and for a moment after it.
    try await Task.sleep(for: .seconds(3))
    let watch = CursorWatch(try deployment.connect())
    let watching = Task.detached { try await watch.run() }
    let acknowledged = Shared<[(position: Int64, at: ContinuousClock.Instant)]>([])
    let (client, completions) = (appender.client, appender.completions)
    // Fifty requests a second of a hundred events, each at its time whether the ones before are answered or not.
    let requests = settings.lagSeconds * 50
    let started = ContinuousClock.now
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<requests {
        try await Task.sleep(until: started + .milliseconds(20 * number))
        let events = completions.next(Settings.pace / 50)
        group.addTask {
          let receipts = try await client.append(events).receipts
          let now = ContinuousClock.now
          acknowledged.withLock { $0.append((receipts.map(\.position).max() ?? 0, now)) }
        }
      }
      try await group.waitForAll()
    }
    let seconds = (ContinuousClock.now - started).inSeconds
    let samples = acknowledged.withLock { $0 }
    try await untilPosted(samples.map(\.position).max() ?? 0)
    watching.cancel()
    let moves = try await watching.value
    let lags = samples.compactMap { sample in
      moves.first { $0.position >= sample.position }.map { max(0, ($0.at - sample.at).inSeconds * 1000) }
    }
    guard lags.count == samples.count else { throw MeasureError("the cursor was not seen at every position") }
    report.add(
      Report.Row(
        measure: "lag of daily_spend, p99", ours: "p50 \(Report.text(lags.median)) ms",
        against: "at \(Int(Double(requests * Settings.pace / 50) / seconds)) events/s", value: lags.percentile(0.99),
        unit: " ms", reach: 500, aim: 150, sense: .ceiling, rounds: []))
  }
}

/// When the cursor of daily_spend was first seen where.
actor CursorWatch {
  private let connection: Connection
  private let executor = QueueExecutor(label: "daybook.bench.cursor")

  /// Its calls block.
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(_ connection: sending Connection) { self.connection = connection }

  /// Looks every few milliseconds until cancelled.
  func run() async throws -> [(position: Int64, at: ContinuousClock.Instant)] {
    var moves: [(position: Int64, at: ContinuousClock.Instant)] = []
    while !Task.isCancelled {
      let rows = try connection.execute(
        """
        SELECT c.position
        FROM daybook.cursors c
        JOIN daybook.projections p ON p.projection = c.projection AND p.build = c.build AND p.state = 'live'
        WHERE c.ledger_id = 'main' AND c.projection = 'daily_spend'
        """)
      if rows.count == 1, rows.int64(0, 0) > (moves.last?.position ?? -1) { moves.append((rows.int64(0, 0), .now)) }
      try? await Task.sleep(for: .milliseconds(3))
    }
    connection.close()
    return moves
  }
}
