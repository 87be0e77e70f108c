public import Domain
public import Postgres

/// How far each ledger is signed, and what keeps it from being signed further.
public struct NotaryStatus: Sendable, Equatable {
  /// The ledger.
  public var ledger: String
  /// The log's name in its checkpoints.
  public var origin: String
  /// The key that verifies them.
  public var verifierKey: String
  /// The last position that was signed; 0 for none.
  public var position: Int64
  /// When that was.
  public var signedAt: Timestamp?
  /// Cosignatures of that checkpoint, so far.
  public var cosignatures: Int64
  /// The last position that any witness cosigned; 0 for none.
  public var cosignedPosition: Int64
  /// The last position of the log.
  public var head: Int64
  /// The open halt.
  public var halt: Halt?

  /// Reads the state of every ledger that was ever signed or halted.
  public static func read(_ connection: Connection) throws(PostgresError) -> [NotaryStatus] {
    let rows = try connection.execute(sql)
    return (0..<rows.count).map { row in
      var halt: Halt?
      if !rows.isNull(row, 8), let kind = Halt.Kind(rawValue: rows.string(row, 9)) {
        halt = Halt(
          number: Int(rows.int64(row, 8)), kind: kind, position: rows.int64(row, 10),
          signedPosition: rows.int64(row, 11), logPosition: rows.int64(row, 12), detail: rows.string(row, 13),
          haltedAt: Timestamp(microseconds: rows.timestamp(row, 14)))
      }
      return NotaryStatus(
        ledger: rows.string(row, 0), origin: rows.optionalString(row, 1) ?? "",
        verifierKey: rows.optionalString(row, 2) ?? "", position: rows.optionalInt64(row, 3) ?? 0,
        signedAt: rows.optionalTimestamp(row, 4).map { Timestamp(microseconds: $0) },
        cosignatures: rows.int64(row, 5),
        cosignedPosition: rows.int64(row, 6), head: rows.int64(row, 7), halt: halt)
    }
  }

  private static let sql = """
    SELECT l.ledger_id, s.origin, s.verifier_key, c.position, c.signed_at,
      (SELECT count(*) FROM daybook.cosignatures w
        WHERE w.ledger_id = l.ledger_id AND w.series = s.series AND w.position = c.position),
      coalesce((SELECT w.position FROM daybook.cosignatures w
        WHERE w.ledger_id = l.ledger_id AND w.series = s.series ORDER BY w.position DESC LIMIT 1), 0),
      coalesce((SELECT e.position FROM daybook.events e
        WHERE e.ledger_id = l.ledger_id ORDER BY e.position DESC LIMIT 1), 0),
      h.halt, h.kind, h.position, h.signed_position, h.log_position, h.detail, h.halted_at
    FROM daybook.ledgers l
    LEFT JOIN LATERAL (
      SELECT series, origin, verifier_key FROM daybook.checkpoint_series
      WHERE ledger_id = l.ledger_id ORDER BY series DESC LIMIT 1) s ON true
    LEFT JOIN LATERAL (
      SELECT position, signed_at FROM daybook.checkpoints
      WHERE ledger_id = l.ledger_id AND series = s.series ORDER BY position DESC LIMIT 1) c ON true
    LEFT JOIN LATERAL (
      SELECT * FROM daybook.halts o
      WHERE o.ledger_id = l.ledger_id
        AND NOT EXISTS (SELECT FROM daybook.halt_ends e WHERE e.ledger_id = o.ledger_id AND e.halt = o.halt)
      ORDER BY o.stops_appends DESC, o.halt DESC LIMIT 1) h ON true
    WHERE s.origin IS NOT NULL OR h.halt IS NOT NULL
    ORDER BY l.ledger_id
    """
}
