import Domain
public import Postgres

/// What the log says about the calls of a scope, by position. Reads only; needs the right to read events.
public struct CallQueries {
  /// Calls that one list names at most; it counts all of them.
  public static let listed = 1_000

  private let connection: Connection
  private let ledger: String
  private let scope: CallScope

  /// Asks over a connection that the caller keeps to itself meanwhile.
  public init(_ connection: Connection, ledger: String, scope: CallScope) {
    self.connection = connection
    self.ledger = ledger
    self.scope = scope
  }

  /// What the ledger itself decided to allow, after `low` and up to `high`.
  public func decided(after low: Int64, upTo high: Int64) throws(PostgresError) -> CallList {
    try list("e.type = 'route.decided' AND e.type_version >= 2", after: low, upTo: high)
  }

  /// What services reported to have decided by themselves.
  public func decidedElsewhere(after low: Int64, upTo high: Int64) throws(PostgresError) -> CallList {
    try list("e.type = 'route.decided' AND e.type_version < 2", after: low, upTo: high)
  }

  /// What the ledger refused, and named the kill switch that was activated at `low`.
  public func refused(after low: Int64, upTo high: Int64) throws(PostgresError) -> CallList {
    try list(
      """
      e.type = 'route.denied' AND e.type_version >= 2 AND e.derived -> 'reasons' ? 'kill_switch_active'
        AND e.derived -> 'relied_on' -> 'kill_switches' @> to_jsonb($2::bigint)
      """, after: low, upTo: high)
  }

  /// Completions of calls that nobody decided before, neither the ledger nor a service.
  public func undecided(after low: Int64, upTo high: Int64) throws(PostgresError) -> CallList {
    try list(
      """
      e.type = 'completion.recorded' AND (
        SELECT d.position FROM daybook.events d
        WHERE d.ledger_id = e.ledger_id AND d.subject = e.subject AND d.sequence < e.sequence
          AND d.type = 'route.decided'
        ORDER BY d.sequence LIMIT 1) IS NULL
      """, after: low, upTo: high)
  }

  /// Calls that the ledger allowed after `low` and that were neither completed nor given up by `position`; the latest ones
  /// first.
  public func inFlight(
    at position: Int64, after low: Int64, atMost limit: Int = listed
  ) throws(PostgresError) -> CallList {
    let rows = try connection.execute(
      """
      SELECT \(Self.columns), count(*) OVER () FROM (
        SELECT
          e.*,
          \(Self.completion) AS completed_at,
          (
            SELECT x.position FROM daybook.events x
            WHERE x.ledger_id = e.ledger_id AND x.subject = 'reservation/' || substr(e.subject, 6)
              AND x.type = 'reservation.expired'
            ORDER BY x.sequence LIMIT 1) AS expired_at
        FROM daybook.events e
        WHERE e.ledger_id = $1 AND e.position > $2 AND e.position <= $3
          AND e.type = 'route.decided' AND e.type_version >= 2 AND \(scope.condition("$4"))
      ) e
      WHERE (e.completed_at IS NULL OR e.completed_at > $3) AND (e.expired_at IS NULL OR e.expired_at > $3)
      ORDER BY e.position DESC LIMIT \(limit)
      """, [.text(ledger), .int64(low), .int64(position), scope.parameter])
    return Self.list(rows)
  }

  private func list(_ condition: String, after low: Int64, upTo high: Int64) throws(PostgresError) -> CallList {
    let rows = try connection.execute(
      """
      SELECT \(Self.columns), count(*) OVER () FROM (
        SELECT e.*, NULL::bigint AS completed_at
        FROM daybook.events e
        WHERE e.ledger_id = $1 AND e.position > $2 AND e.position <= $3 AND \(condition)
          AND \(scope.condition("$4"))
      ) e
      ORDER BY e.position LIMIT \(Self.listed)
      """, [.text(ledger), .int64(low), .int64(high), scope.parameter])
    return Self.list(rows)
  }

  /// By sequence, so that the index on subjects serves: by position the planner would walk the log.
  private static let completion = """
    (
      SELECT c.position FROM daybook.events c
      WHERE c.ledger_id = e.ledger_id AND c.subject = e.subject AND c.type = 'completion.recorded'
        AND c.data ->> 'status' <> 'absorbed'
      ORDER BY c.sequence LIMIT 1)
    """

  private static let columns = """
    e.position, e.subject, e.recorded_at, e.actor, e.data ->> 'operation', e.data ->> 'model', e.data ->> 'provider',
    e.completed_at
    """

  private static func list(_ rows: Rows) -> CallList {
    let calls = (0..<rows.count).map { row in
      CallRecord(
        position: rows.int64(row, 0), call: CallSubject.id(of: rows.string(row, 1)) ?? "",
        recordedAt: Timestamp(microseconds: rows.timestamp(row, 2)), actor: rows.string(row, 3),
        operation: rows.optionalString(row, 4), model: rows.optionalString(row, 5),
        provider: rows.optionalString(row, 6), completedAt: rows.optionalInt64(row, 7))
    }
    return CallList(count: rows.count == 0 ? 0 : rows.int64(0, 8), calls: calls)
  }
}
