public import Domain
public import Postgres

/// An erasure as the log tells it, without its positions.
public struct ErasureRecord: Sendable {
  /// Position of its first event.
  public var position: Int64
  /// Position of its last event.
  public var lastPosition: Int64
  /// When it was recorded.
  public var recordedAt: Timestamp
  /// What was said: `erasure`, `by`, `subject`, `kind`, `before`, `reason`, `legal_basis`, `parts`.
  public var data: JSON
  /// What was concluded: `events`, `person`, `owner`, `approval`, `requested_by_owner`.
  public var derived: JSON

  /// The last erasures of a ledger before a position, the newest first.
  public static func latest(
    _ connection: Connection, ledger: String, before position: Int64 = .max, limit: Int
  ) throws -> [ErasureRecord] {
    let rows = try connection.execute(
      """
      SELECT e.position, e.recorded_at, e.data - 'positions' - 'forgotten', e.derived
      FROM daybook.events e
      WHERE e.ledger_id = $1 AND e.type = 'payload.erased' AND e.position < $2 AND e.data -> 'part' = '1'
      ORDER BY e.position DESC LIMIT $3
      """, [.text(ledger), .int64(position), .int64(Int64(limit))])
    return try (0..<rows.count).map { row in
      let data = try JSON(parsing: rows.json(row, 2))
      return ErasureRecord(
        position: rows.int64(row, 0), lastPosition: rows.int64(row, 0) + (data["parts"]?.integer ?? 1) - 1,
        recordedAt: Timestamp(microseconds: rows.timestamp(row, 1)), data: data,
        derived: try rows.optionalJSON(row, 3).map { bytes in try JSON(parsing: bytes) } ?? .object([:]))
    }
  }
}
