import Postgres
import Projections

extension Bench {
  /// A whole rebuild of daily_spend, comparison and swap included, against a plain GROUP BY over the same rows.
  func measureRebuild(_ events: Int64) async throws {
    say("Rebuild of daily_spend against GROUP BY")
    let connection = try deployment.connect()
    defer { connection.close() }
    // In one process, as a rebuild is: what more processors could add is left out on both sides.
    try connection.execute("VACUUM ANALYZE daybook.events", isPrepared: false)
    try connection.script("SET max_parallel_workers_per_gather = 0; SET jit = off")
    var ours: [Double] = []
    var theirs: [Double] = []
    for _ in 0..<settings.rounds {
      let started = ContinuousClock.now
      _ = try await Rebuild.run(deployment.connectionSettings, projection: "daily_spend")
      ours.append(Double(events) / (ContinuousClock.now - started).inSeconds)
      theirs.append(try groupBySpeed(events, on: connection))
    }
    let ratios = zip(ours, theirs).map { $0 / $1 }
    report.add(
      Report.Row(
        measure: "rebuild of daily_spend, \(events) events", ours: "\(Int(ours.median)) events/s",
        against: "GROUP BY \(Int(theirs.median))/s", value: ratios.median, unit: "", reach: 0.4, aim: 0.7,
        sense: .floor,
        rounds: ratios))
  }

  /// Events a second of a plain GROUP BY over the same rows.
  func groupBySpeed(_ events: Int64, on connection: Connection) throws -> Double {
    let started = ContinuousClock.now
    let rows = try connection.execute(Self.groupBy)
    guard rows.count > 0 else { throw MeasureError("there is nothing to group") }
    return Double(events) / (ContinuousClock.now - started).inSeconds
  }

  /// What the book's main table says, asked of the log: the same members taken out, the same sums.
  private static let groupBy = """
    SELECT
      derived ->> 'posting_date', data ->> 'operation', data ->> 'model', data ->> 'provider',
      coalesce(derived -> 'cost' ->> 'currency', 'XXX'),
      count(*),
      count(*) FILTER (WHERE data ->> 'status' <> 'ok'),
      count(*) FILTER (WHERE derived -> 'cost' IS NULL),
      sum((data -> 'usage' ->> 'input_tokens')::bigint),
      sum((data -> 'usage' ->> 'cache_read_tokens')::bigint),
      sum((data -> 'usage' ->> 'cache_write_tokens')::bigint),
      sum((data -> 'usage' ->> 'cache_write_1h_tokens')::bigint),
      sum((data -> 'usage' ->> 'output_tokens')::bigint),
      sum((data -> 'usage' ->> 'reasoning_tokens')::bigint),
      sum((data -> 'usage' ->> 'audio_input_tokens')::bigint),
      sum((data -> 'usage' ->> 'audio_output_tokens')::bigint),
      sum((data -> 'usage' ->> 'image_tokens')::bigint),
      sum((data -> 'usage' ->> 'characters')::bigint),
      sum((data -> 'usage' ->> 'images')::bigint),
      sum((data -> 'usage' ->> 'requests')::bigint),
      sum((data -> 'usage' ->> 'audio_ms')::bigint),
      sum((derived -> 'cost' ->> 'amount')::numeric)
    FROM daybook.events
    WHERE ledger_id = 'main' AND type = 'completion.recorded'
    GROUP BY 1, 2, 3, 4, 5
    """
}
