public import Postgres

/// The rows of `daybook.ledgers`: which ledgers exist.
public enum LedgerRows {
  /// Every ledger's name, in byte order.
  public static func names(_ connection: Connection) throws(PostgresError) -> [String] {
    let rows = try connection.execute("SELECT ledger_id FROM daybook.ledgers ORDER BY ledger_id")
    return (0..<rows.count).map { rows.string($0, 0) }
  }

  /// Makes the row of a ledger, if there is none.
  public static func create(_ connection: Connection, _ ledger: String) throws(PostgresError) {
    try connection.execute(
      "INSERT INTO daybook.ledgers (ledger_id) VALUES ($1) ON CONFLICT DO NOTHING", [.text(ledger)])
  }

  /// Takes the ledger's lock and gives it back, to see that it can be had.
  ///
  /// - Throws: what Postgres answers, a lock timeout (SQLSTATE 55P03) among it; `LogError.unknownLedger`.
  public static func lock(_ connection: Connection, _ ledger: String, within bound: Duration) throws {
    let milliseconds = bound.components.seconds * 1000 + bound.components.attoseconds / 1_000_000_000_000_000
    let rows = try connection.pipeline([
      Statement("BEGIN"),
      Statement("SELECT set_config('lock_timeout', $1, true)", [.text("\(milliseconds)ms")]),
      Statement("SELECT 1 FROM daybook.ledgers WHERE ledger_id = $1 FOR NO KEY UPDATE", [.text(ledger)]),
      Statement("ROLLBACK"),
    ])
    guard rows[2].count == 1 else { throw LogError(.unknownLedger, "no ledger \(ledger)") }
  }
}
