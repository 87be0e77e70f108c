import Domain
import Log
import Postgres

/// The columns that a verification reads, in the order of `EventColumns.list`.
enum RowColumns {
  static let position = 0
  static let id = 1
  static let source = 2
  static let type = 3
  static let subject = 5
  static let sequence = 6
  static let occurredAt = 7
  static let recordedAt = 8
  static let actorKind = 10
  static let data = 14
  static let personal = 15
  static let salt = 16
  static let personalHash = 17
  static let derived = 18
  static let payloadHash = 19

  /// Those without which there is no entry.
  static let required = Array(0...10) + [data, payloadHash]

  private static let names = [
    "position", "id", "source", "type", "type_version", "subject", "sequence", "occurred_at", "recorded_at", "actor",
    "actor_kind", "correlation_id", "causation_id", "traceparent", "data", "personal", "salt", "personal_hash",
    "derived", "payload_hash",
  ]

  /// Copies a range. A copy takes no parameters.
  ///
  /// - Parameter ledger: as a literal of SQL.
  static func copy(ledger: String, after: Int64, upTo: Int64) -> String {
    """
    COPY (
      SELECT \(names.joined(separator: ", "))
      FROM daybook.events
      WHERE ledger_id = \(ledger) AND position > \(after) AND position <= \(upTo)
      ORDER BY position
    ) TO STDOUT (FORMAT binary)
    """
  }

  /// Numbers of `pg_type`.
  private static let text: Set<UInt32> = [25, 1043]
  private static let types: [Set<UInt32>] = [
    [20], text, text, text, [23], text, [20], [1184], [1184], text, text, text, text, text, [3802], [3802], [17],
    [17], [3802], [17],
  ]

  /// Values are read as what they are: a table that was rebuilt with other types cannot be, and is not the schema's.
  ///
  /// Once a transaction: who has read a table keeps others from changing its columns until the transaction ends.
  ///
  /// - Throws: `LogError.corrupt`; what Postgres answers.
  static func check(_ connection: Connection) throws {
    let rows = try connection.execute(
      "SELECT \(names.joined(separator: ", ")) FROM daybook.events LIMIT 0", isPrepared: false)
    for (column, type) in rows.columnTypes.enumerated() where !types[column].contains(type) {
      throw LogError(.corrupt, "the column \(names[column]) of daybook.events is not of the schema's type")
    }
  }
}
