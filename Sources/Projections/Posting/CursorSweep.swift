import Domain
import Postgres

/// Where every ledger stands in one build.
struct CursorSweep {
  struct Ledger {
    var name: String
    var position: Int64
    var head: Int64
    var fault: BookStatus.PostingFault?
  }

  /// Reads the ledgers' heads and cursors, making cursors for ledgers that are new; `only` narrows to some ledgers.
  static func read(_ build: ProjectionBuild, only: [String]? = nil, on connection: Connection) throws -> [Ledger] {
    let rows = try connection.execute(
      """
      SELECT
        l.ledger_id,
        c.position,
        coalesce((
          SELECT e.position
          FROM daybook.events AS e
          WHERE e.ledger_id = l.ledger_id
          ORDER BY e.position DESC
          LIMIT 1
        ), 0),
        f.position,
        f.sqlstate,
        f.message,
        f.since
      FROM daybook.ledgers AS l
      LEFT JOIN daybook.cursors AS c
        ON c.ledger_id = l.ledger_id AND c.projection = $1 AND c.build = $2::bigint
      LEFT JOIN daybook.projection_faults AS f
        ON f.ledger_id = l.ledger_id AND f.projection = $1 AND f.build = $2::bigint
      WHERE $3::text[] IS NULL OR l.ledger_id = ANY ($3::text[])
      ORDER BY l.ledger_id
      """,
      [.text(build.projection), .int64(Int64(build.build)), only.map { .texts($0) } ?? .null])
    var ledgers: [Ledger] = []
    for row in 0..<rows.count {
      let name = rows.string(row, 0)
      if rows.isNull(row, 1) { try begin(build, ledger: name, on: connection) }
      ledgers.append(
        Ledger(
          name: name, position: rows.isNull(row, 1) ? 0 : rows.int64(row, 1), head: rows.int64(row, 2),
          fault: rows.isNull(row, 3)
            ? nil
            : BookStatus.PostingFault(
              version: build.version, position: rows.int64(row, 3), sqlState: rows.string(row, 4),
              message: rows.string(row, 5), since: Timestamp(microseconds: rows.timestamp(row, 6)))))
    }
    return ledgers
  }

  /// The heads of all ledgers, added up: what they grow by is what was appended.
  static func heads(on connection: Connection) throws(PostgresError) -> Int64 {
    try connection.execute(
      """
      SELECT coalesce(sum(e.position), 0)::bigint
      FROM daybook.ledgers AS l
      CROSS JOIN LATERAL (
        SELECT position
        FROM daybook.events
        WHERE ledger_id = l.ledger_id
        ORDER BY position DESC
        LIMIT 1
      ) AS e
      """
    ).int64(0, 0)
  }

  /// Makes the cursor of a ledger that is new to the build; a build that was retired meanwhile gets none.
  private static func begin(_ build: ProjectionBuild, ledger: String, on connection: Connection) throws {
    try connection.execute(
      """
      INSERT INTO daybook.cursors (ledger_id, projection, build, position)
      SELECT $1, p.projection, p.build, 0
      FROM daybook.projections AS p
      WHERE p.projection = $2 AND p.build = $3::bigint AND p.state <> 'retired'
      FOR SHARE
      ON CONFLICT DO NOTHING
      """, [.text(ledger), .text(build.projection), .int64(Int64(build.build))])
  }
}
