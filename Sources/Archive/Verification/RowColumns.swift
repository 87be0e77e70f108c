import Domain
import Log
import Postgres

/// The columns that a verification reads, in the order in which it reads them.
enum RowColumns {
  static let position = 0
  static let recordedAt = 1
  static let occurredAt = 2
  static let sequence = 3
  static let typeVersion = 4
  static let id = 5
  static let source = 6
  static let type = 7
  static let subject = 8
  static let actor = 9
  static let actorKind = 10
  static let data = 11
  static let payloadHash = 12
  /// Columns from here on may be without a value.
  static let derived = 13
  static let personalHash = 14
  static let personal = 15
  static let salt = 16
  static let correlationID = 17
  static let causationID = 18
  static let traceparent = 19

  private static let names = [
    "position", "recorded_at", "occurred_at", "sequence", "type_version", "id", "source", "type", "subject", "actor",
    "actor_kind", "data", "payload_hash", "derived", "personal_hash", "personal", "salt", "correlation_id",
    "causation_id", "traceparent",
  ]

  /// How many they are.
  static var count: Int { names.count }

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
    [20], [1184], [1184], [20], [23], text, text, text, text, text, text, [3802], [17], [3802], [17], [3802], [17],
    text, text, text,
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
