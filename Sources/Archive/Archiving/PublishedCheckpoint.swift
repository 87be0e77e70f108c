import Postgres

/// What the notary published of a ledger, as far as this database has it.
enum PublishedCheckpoint {
  /// The log's name in its checkpoints; nil where none was ever signed.
  static func origin(_ connection: Connection, ledger: String) throws -> String? {
    guard try exists(connection) else { return nil }
    let rows = try connection.execute(
      "SELECT origin FROM daybook.checkpoint_series WHERE ledger_id = $1 ORDER BY series DESC LIMIT 1",
      [.text(ledger)])
    return rows.count == 1 ? rows.string(0, 0) : nil
  }

  /// The newest checkpoint of the newest series at or below a position, a signed note.
  static func latest(_ connection: Connection, ledger: String, upTo position: Int64) throws -> [UInt8]? {
    guard try exists(connection) else { return nil }
    let rows = try connection.execute(
      """
      SELECT note FROM daybook.checkpoints
      WHERE ledger_id = $1 AND position <= $2 ORDER BY series DESC, position DESC LIMIT 1
      """, [.text(ledger), .int64(position)])
    return rows.count == 1 ? rows.bytes(0, 0) : nil
  }

  private static func exists(_ connection: Connection) throws -> Bool {
    let rows = try connection.execute(
      """
      SELECT coalesce(has_table_privilege(to_regclass('daybook.checkpoints'), 'SELECT'), false)
        AND coalesce(has_table_privilege(to_regclass('daybook.checkpoint_series'), 'SELECT'), false)
      """)
    return rows.boolean(0, 0)
  }
}
