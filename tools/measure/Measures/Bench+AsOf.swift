import Log
import Postgres
import Projections

extension Bench {
  /// A ledger of its own, filled by one statement after another: what is measured is reading it, not how it came about. One
  /// that was filled before in the same folder is asked as it is.
  static let history = "history"
  /// Positions that are asked for.
  private static let questions = 12

  /// A book as of random positions, from snapshots, against a replay from the first event.
  func measureAsOf() async throws {
    let events = settings.asOfEvents
    say("A ledger of \(events) events for as-of")
    let connection = try deployment.connect()
    defer { connection.close() }
    if try LogReader(connection, ledger: Self.history).head().position < events { try fill(events, connection) }
    try await untilPosted(try LogReader(connection, ledger: Self.history).head().position, of: Self.history)
    try await measureProfit(events, of: try deployment.client(ledger: Self.history), from: "2026-01-01")
    try await askAsOf(events)
  }

  private func fill(_ events: Int64, _ connection: Connection) throws {
    try connection.execute("INSERT INTO daybook.ledgers (ledger_id) VALUES ($1)", [.text(Self.history)])
    // Nothing is appended any more, and what a replay reads has neither of these indexes in it.
    try connection.script(
      """
      ALTER TABLE daybook.events
      DROP CONSTRAINT events_identity_is_unique,
      DROP CONSTRAINT events_sequence_is_unique_in_subject;
      \(Self.sample)
      """)
    let chunk: Int64 = min(events, 500_000)
    for floor in stride(from: 0, to: events, by: Int(chunk)) {
      try connection.execute(
        Self.fill, [.text(Self.history), .int64(floor), .int64(min(events, floor + chunk))], isPrepared: false)
    }
    // Behind them revenue and costs, so that P&L has something to allocate.
    let money = try connection.execute(Self.money, [.text(Self.history), .int64(events)], isPrepared: false).affected
    try connection.notify("daybook_log", "\(Self.history) \(events + money)")
    try connection.execute("VACUUM ANALYZE daybook.events", isPrepared: false)
  }

  private func askAsOf(_ events: Int64) async throws {
    let books = BookQueries(deployment.connectionSettings, catalogue: try ProjectionCatalogue.load())
    var ours: [Double] = []
    // The middle of each of so many parts, shifted by a step that shares no factor with the distance of snapshots.
    for number in 0..<Int64(Self.questions) {
      let position = (number * 2 + 1) * events / Int64(Self.questions * 2) + number * 7_919 % (events / 24)
      let started = ContinuousClock.now
      _ = try await books.bytes(
        BookRequest(
          ledger: Self.history, projection: "daily_spend", parameters: [("group_by", "operation,model")],
          asOf: .position(min(position, events))))
      ours.append((ContinuousClock.now - started).inSeconds)
    }
    let started = ContinuousClock.now
    let whole = try await books.digest(
      "daily_spend", ledger: Self.history, asOf: .position(events), fromSnapshot: false)
    let theirs = (ContinuousClock.now - started).inSeconds
    // The same rows either way, or the figures are worth nothing.
    let quick = try await books.digest("daily_spend", ledger: Self.history, asOf: .position(events))
    guard quick == whole else { throw MeasureError("a replay from a snapshot differs from one from the first event") }
    await books.close()
    report.add(
      Report.Row(
        measure:
          "as-of over \(events) events, snapshots every \(settings.snapshotInterval), slowest of \(ours.count)",
        ours: "p50 \(Report.text(ours.median)) s", against: "from the first event \(Report.text(theirs)) s",
        value: ours.max() ?? 0, unit: " s", reach: 3, aim: 1.5, sense: .ceiling, rounds: ours))
  }

  /// 65,536 completions of a thousand users, twenty teams and four models.
  private static let sample = """
    CREATE TABLE sample AS
    SELECT
      n AS slot,
      jsonb_build_object(
        'operation',
        (ARRAY['chat_message', 'agent_execution', 'summary', 'search', 'classification'])[(h % 5)::integer + 1],
        'model', model, 'provider', model, 'attempt', 1, 'status', CASE WHEN h % 50 = 0 THEN 'error' ELSE 'ok' END,
        'usage', jsonb_build_object('input_tokens', h % 4000, 'output_tokens', h % 800), 'latency_ms', h % 9000,
        'usage_source', 'provider', 'team', 'team-' || h % 20) AS data,
      jsonb_build_object(
        'persons', jsonb_build_object('/user', 'p_' || h % 1000),
        'cost', jsonb_build_object('amount', ((h % 100000) * 0.000000001)::text, 'currency', 'USD')) AS derived
    FROM (
      SELECT n, h, (ARRAY['deepseek', 'gemini_flash', 'deepgram', 'edge_tts'])[(h % 4)::integer + 1] AS model
      FROM (
        SELECT n, (hashint8(n)::bigint + 2147483648) AS h FROM generate_series(0, 65535) AS g (n)
      ) AS hashed
    ) AS made;
    ALTER TABLE sample ADD PRIMARY KEY (slot);
    ANALYZE sample
    """

  /// Those again and again, after `$2` up to `$3`, half a second apart, each posted on its day.
  private static let fill = """
    INSERT INTO daybook.events (
      ledger_id, position, id, source, type, type_version, subject, sequence, occurred_at, recorded_at, actor,
      actor_kind, data, derived, payload_hash
    )
    SELECT
      $1, g.n, g.n::text, '/bench/fill', 'completion.recorded', 1, 'call/' || g.n, 1, at, at, 'bench', 'service', s.data,
      s.derived || jsonb_build_object('posting_date', (at AT TIME ZONE 'UTC')::date), sha256('bench')
    FROM generate_series($2 + 1, $3) AS g (n)
    JOIN sample AS s ON s.slot = g.n % 65536
    CROSS JOIN LATERAL (SELECT timestamptz '2026-01-01 00:00:00Z' + g.n * interval '0.5 seconds' AS at) AS moment
    ORDER BY g.n
    """
  /// After `$2`: for each of the first twenty days revenue of ten strategies, some of it of a model, and ten costs of the
  /// month, some of a model.
  private static let money = """
    INSERT INTO daybook.events (
      ledger_id, position, id, source, type, type_version, subject, sequence, occurred_at, recorded_at, actor,
      actor_kind, data, derived, payload_hash
    )
    SELECT
      $1, $2 + n, 'money-' || n, '/bench/fill', type, 1, type || '/' || n, 1, at, at, 'bench', 'service',
      jsonb_strip_nulls(data || jsonb_build_object('model', CASE WHEN n % 3 = 0 THEN 'deepseek' END)),
      derived || jsonb_build_object('posting_date', at::date), sha256('bench')
    FROM generate_series(1, 400) AS g (n)
    CROSS JOIN LATERAL (SELECT timestamptz '2026-01-01 00:00:00Z' + n / 20 * interval '1 day' AS at) AS moment
    CROSS JOIN LATERAL (
      SELECT
        'revenue.earned' AS type,
        jsonb_build_object(
          'strategy', 'strategy-' || n % 10, 'revenue', jsonb_build_object('amount', n::text, 'currency', 'USD')) AS data,
        '{}'::jsonb AS derived
      WHERE n % 2 = 0
      UNION ALL
      SELECT
        'cost.incurred',
        jsonb_build_object('category', 'vm', 'cost', '{"amount": "100", "currency": "USD"}'::jsonb, 'provider', 'cloud'),
        '{"accrual": {"from": "2026-01-01", "through": "2026-01-31"}}'
      WHERE n % 2 = 1
    ) AS said
    """
}
