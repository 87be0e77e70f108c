import Domain
import Integrity
import Postgres

/// The SQL of what the notary keeps of one ledger.
struct NotaryRecords {
  let connection: Connection
  let ledger: String

  init(_ connection: Connection, _ ledger: String) {
    self.connection = connection
    self.ledger = ledger
  }

  /// The last series; nil where nothing was ever signed.
  func lastSeries() throws(PostgresError) -> CheckpointSeries? {
    let rows = try connection.execute(
      """
      SELECT series, origin, verifier_key, reason, started_at FROM daybook.checkpoint_series
      WHERE ledger_id = $1 ORDER BY series DESC LIMIT 1
      """, [.text(ledger)])
    guard rows.count == 1 else { return nil }
    return CheckpointSeries(
      number: Int(rows.int64(0, 0)), origin: rows.string(0, 1), verifierKey: rows.string(0, 2),
      reason: rows.string(0, 3), startedAt: Timestamp(microseconds: rows.timestamp(0, 4)))
  }

  /// Keeps a series, if it is not there.
  func insert(_ series: CheckpointSeries) throws(PostgresError) {
    try connection.execute(
      """
      INSERT INTO daybook.checkpoint_series (ledger_id, series, origin, verifier_key, reason, started_at)
      VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
      """,
      [
        .text(ledger), .int32(Int32(series.number)), .text(series.origin), .text(series.verifierKey),
        .text(series.reason), .timestamp(series.startedAt.microseconds),
      ])
  }

  /// The last row of a series, and whether it is a checkpoint at all.
  func lastCheckpoint(series: Int) throws(PostgresError) -> (position: Int64, checkpoint: SignedCheckpoint?)? {
    let rows = try connection.execute(
      """
      SELECT position, root, note, signed_at FROM daybook.checkpoints
      WHERE ledger_id = $1 AND series = $2 ORDER BY position DESC LIMIT 1
      """, [.text(ledger), .int32(Int32(series))])
    guard rows.count == 1 else { return nil }
    return (rows.int64(0, 0), Self.checkpoint(rows, 0, series: series))
  }

  /// What a row with position, root, note and time of signing says; nil where it contradicts itself.
  static func checkpoint(_ rows: Rows, _ row: Int, series: Int) -> SignedCheckpoint? {
    guard
      let checkpoint = SignedCheckpoint(
        series: series, note: rows.bytes(row, 2), signedAt: Timestamp(microseconds: rows.timestamp(row, 3))),
      checkpoint.checkpoint.size == rows.int64(row, 0), checkpoint.checkpoint.root == rows.bytes(row, 1)
    else { return nil }
    return checkpoint
  }

  /// Keeps a checkpoint, if it is not there.
  func insert(_ checkpoint: SignedCheckpoint) throws(PostgresError) {
    try connection.execute(
      """
      INSERT INTO daybook.checkpoints (ledger_id, series, position, root, note, signed_at)
      VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
      """,
      [
        .text(ledger), .int32(Int32(checkpoint.series)), .int64(checkpoint.checkpoint.size),
        .bytes(checkpoint.checkpoint.root), .bytes(checkpoint.note.bytes),
        .timestamp(checkpoint.signedAt.microseconds),
      ])
  }

  /// The last position of the log; 0 for an empty one.
  func head() throws(PostgresError) -> Int64 {
    let rows = try connection.execute(
      "SELECT position FROM daybook.events WHERE ledger_id = $1 ORDER BY position DESC LIMIT 1", [.text(ledger)])
    return rows.count == 1 ? rows.int64(0, 0) : 0
  }

  /// The roots that writers sealed in a range of positions, both ends included.
  func seals(_ range: ClosedRange<Int64>) throws(PostgresError) -> [Int64: [UInt8]] {
    let rows = try connection.execute(
      "SELECT position, root FROM daybook.seals WHERE ledger_id = $1 AND position BETWEEN $2 AND $3",
      [.text(ledger), .int64(range.lowerBound), .int64(range.upperBound)])
    var roots: [Int64: [UInt8]] = [:]
    for row in 0..<rows.count { roots[rows.int64(row, 0)] = rows.bytes(row, 1) }
    return roots
  }
}

// MARK: - Halts

extension NotaryRecords {
  /// The open halt.
  func openHalt() throws(PostgresError) -> Halt? {
    let rows = try connection.execute(
      """
      SELECT h.halt, h.kind, h.position, h.signed_position, h.log_position, h.detail, h.halted_at
      FROM daybook.halts h
      WHERE h.ledger_id = $1
        AND NOT EXISTS (SELECT FROM daybook.halt_ends e WHERE e.ledger_id = h.ledger_id AND e.halt = h.halt)
      ORDER BY h.stops_appends DESC, h.halt DESC LIMIT 1
      """, [.text(ledger)])
    guard rows.count == 1, let kind = Halt.Kind(rawValue: rows.string(0, 1)) else { return nil }
    return Halt(
      number: Int(rows.int64(0, 0)), kind: kind, position: rows.int64(0, 2), signedPosition: rows.int64(0, 3),
      logPosition: rows.int64(0, 4), detail: rows.string(0, 5),
      haltedAt: Timestamp(microseconds: rows.timestamp(0, 6)))
  }

  /// Keeps a halt and gives it its number.
  func insert(_ halt: Halt) throws(PostgresError) -> Halt {
    let rows = try connection.execute(
      """
      INSERT INTO daybook.halts (
        ledger_id, halt, kind, stops_appends, position, signed_position, log_position, detail, halted_at)
      SELECT $1, coalesce(max(halt), 0) + 1, $2, $3, $4, $5, $6, $7, $8 FROM daybook.halts WHERE ledger_id = $1
      RETURNING halt
      """,
      [
        .text(ledger), .text(halt.kind.rawValue), .boolean(halt.kind.stopsAppends), .int64(halt.position),
        .int64(halt.signedPosition), .int64(halt.logPosition), .text(halt.detail),
        .timestamp(halt.haltedAt.microseconds),
      ])
    var numbered = halt
    numbered.number = Int(rows.int64(0, 0))
    return numbered
  }

  /// Ends every open halt.
  func endHalts(isAccepted: Bool, reason: String, at now: Timestamp) throws(PostgresError) {
    try connection.execute(
      """
      INSERT INTO daybook.halt_ends (ledger_id, halt, is_accepted, reason, ended_at)
      SELECT h.ledger_id, h.halt, $2, $3, $4
      FROM daybook.halts h
      WHERE h.ledger_id = $1
        AND NOT EXISTS (SELECT FROM daybook.halt_ends e WHERE e.ledger_id = h.ledger_id AND e.halt = h.halt)
      """, [.text(ledger), .boolean(isAccepted), .text(reason), .timestamp(now.microseconds)])
  }

  /// Positions whose change a person accepted: they are not told again.
  func acceptedPositions() throws(PostgresError) -> Set<Int64> {
    let rows = try connection.execute(
      """
      SELECT DISTINCT h.position
      FROM daybook.halts h
      JOIN daybook.halt_ends e ON e.ledger_id = h.ledger_id AND e.halt = h.halt AND e.is_accepted
      WHERE h.ledger_id = $1 AND h.kind = 'altered'
      """, [.text(ledger)])
    return Set((0..<rows.count).map { rows.int64($0, 0) })
  }
}
