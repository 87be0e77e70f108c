import Compression
public import Control
import Crypto
import Domain
public import Postgres

/// The control state at a position, kept compressed so that start-up folds only the tail of the log.
public enum ControlSnapshot {
  /// Events between two snapshots of one process at least.
  ///
  /// Folding so many takes half a second or so, and a snapshot of ten thousand users' budgets is a two-hundredth of what
  /// the log grows by meanwhile.
  public static let interval: Int64 = 40_000

  /// Events between two snapshots of a state: of one that is large, so many that writing it down stays a small part of the
  /// work. What is left to fold then takes about as long as reading the snapshot does.
  public static func interval(of state: ControlState) -> Int64 {
    max(interval, Int64(state.committedEntries / 2))
  }

  /// A writer that closes keeps one where the next start would have to fold this many events.
  public static let closingInterval: Int64 = 1_000
  /// Content beyond this is refused when a snapshot is read: as far as the scanner reaches. A larger state is not kept,
  /// and start-up folds more of the log.
  static let sizeLimit = ControlState.longestSnapshot

  /// The newest snapshot of the present rules and form at or below a position; a fresh state where there is none.
  ///
  /// - Throws: `LogError.corrupt` where the bytes do not give the kept digest or cannot be read.
  public static func latest(
    _ connection: Connection, ledger: String, upTo position: Int64 = .max
  ) throws -> ControlState {
    let rows = try connection.execute(
      """
      SELECT position, state, digest FROM daybook.control_snapshots
      WHERE ledger_id = $1 AND rules_version = $2 AND form = $3 AND position <= $4 ORDER BY position DESC LIMIT 1
      """, key(ledger) + [.int64(position)])
    guard rows.count == 1 else { return ControlState(ledger: ledger) }
    let position = rows.int64(0, 0)
    guard let bytes = try? Zstandard.decompress(rows.bytes(0, 1), limit: sizeLimit),
      SHA256Digest.hash(bytes) == rows.bytes(0, 2), let state = try? ControlState(snapshot: bytes),
      state.position == position, state.ledger == ledger
    else {
      throw LogError(.corrupt, "the control snapshot at position \(position) of ledger \(ledger) is damaged")
    }
    return state
  }

  /// The position of the newest snapshot of the present rules and form; 0 where there is none.
  public static func latestPosition(_ connection: Connection, ledger: String) throws(PostgresError) -> Int64 {
    let rows = try connection.execute(
      """
      SELECT position FROM daybook.control_snapshots
      WHERE ledger_id = $1 AND rules_version = $2 AND form = $3 ORDER BY position DESC LIMIT 1
      """, key(ledger))
    return rows.count == 1 ? rows.int64(0, 0) : 0
  }

  /// Keeps the merged state; answers false where it is too large to be kept.
  @discardableResult
  public static func keep(_ state: ControlState, _ connection: Connection) throws -> Bool {
    let bytes = state.snapshot()
    guard bytes.count <= sizeLimit else { return false }
    try connection.execute(
      """
      INSERT INTO daybook.control_snapshots (ledger_id, rules_version, form, position, state, digest)
      VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
      """,
      key(state.ledger) + [
        .int64(state.position), .bytes(try Zstandard.compress(bytes)), .bytes(SHA256Digest.hash(bytes)),
      ])
    return true
  }

  private static func key(_ ledger: String) -> [Parameter] {
    [.text(ledger), .int32(Int32(ControlState.rulesVersion)), .int32(Int32(ControlState.snapshotForm))]
  }
}

extension ControlState {
  /// SHA-256 of the canonical snapshot of what is merged: the same at a position on every machine.
  public var digest: [UInt8] { SHA256Digest.hash(snapshot()) }
}
