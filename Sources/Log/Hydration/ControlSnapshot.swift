import Compression
public import Control
import Crypto
import Domain
public import Postgres

/// The control state at a position, kept compressed so that start-up folds only the tail of the log.
public enum ControlSnapshot {
  /// Events between two snapshots at most.
  public static let interval: Int64 = 50_000
  /// Content beyond this is refused when a snapshot is read.
  static let sizeLimit = 1 << 30

  /// The newest snapshot of the present rules; a fresh state where there is none.
  ///
  /// - Throws: `LogError.corrupt` where the bytes do not give the kept digest or cannot be read.
  public static func latest(_ connection: Connection, ledger: String) throws -> ControlState {
    let rows = try connection.execute(
      """
      SELECT position, state, digest FROM daybook.control_snapshots
      WHERE ledger_id = $1 AND rules_version = $2 ORDER BY position DESC LIMIT 1
      """, [.text(ledger), .int32(Int32(ControlState.rulesVersion))])
    guard rows.count == 1 else { return ControlState(ledger: ledger) }
    let position = rows.int64(0, 0)
    let corrupt = LogError(.corrupt, "the control snapshot at position \(position) of ledger \(ledger) is damaged")
    guard let bytes = try? Zstandard.decompress(rows.bytes(0, 1), limit: sizeLimit),
      SHA256Digest.hash(bytes) == rows.bytes(0, 2), let state = try? ControlState(snapshot: bytes),
      state.position == position
    else { throw corrupt }
    return state
  }

  /// The position of the newest snapshot of the present rules; 0 where there is none.
  public static func latestPosition(_ connection: Connection, ledger: String) throws(PostgresError) -> Int64 {
    let rows = try connection.execute(
      """
      SELECT position FROM daybook.control_snapshots
      WHERE ledger_id = $1 AND rules_version = $2 ORDER BY position DESC LIMIT 1
      """, [.text(ledger), .int32(Int32(ControlState.rulesVersion))])
    return rows.count == 1 ? rows.int64(0, 0) : 0
  }

  /// Keeps the merged state.
  public static func keep(_ state: ControlState, _ connection: Connection) throws {
    let bytes = state.snapshot()
    try connection.execute(
      """
      INSERT INTO daybook.control_snapshots (ledger_id, position, rules_version, state, digest)
      VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
      """,
      [
        .text(state.ledger), .int64(state.position), .int32(Int32(ControlState.rulesVersion)),
        .bytes(try Zstandard.compress(bytes)), .bytes(SHA256Digest.hash(bytes)),
      ])
  }
}
