import Domain
import Postgres

/// A read-only transaction whose snapshot holds a live book together with its cursor.
struct LiveTransaction {
  let build: ProjectionBuild
  let position: Int64
  let recordedTime: Timestamp?

  /// Begins the transaction; the caller ends it.
  init(_ projection: String, _ ledger: String, on line: BookSession.Line) throws {
    let connection = line.connection
    try connection.script("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    guard let build = try line.registry.live(projection, on: connection) else {
      throw ProjectionError(.unknownBook, "there is no book \(projection)")
    }
    self.build = build
    let rows = try connection.execute(
      """
      SELECT c.position, c.recorded_at
      FROM daybook.ledgers AS l
      LEFT JOIN daybook.cursors AS c
        ON c.ledger_id = l.ledger_id AND c.projection = $2 AND c.build = $3::bigint
      WHERE l.ledger_id = $1
      """, [.text(ledger), .text(projection), .int64(Int64(build.build))])
    guard rows.count == 1 else { throw ProjectionError(.unknownLedger, "there is no ledger \(ledger)") }
    position = rows.isNull(0, 0) ? 0 : rows.int64(0, 0)
    recordedTime = rows.isNull(0, 1) ? nil : Timestamp(microseconds: rows.timestamp(0, 1))
  }
}
