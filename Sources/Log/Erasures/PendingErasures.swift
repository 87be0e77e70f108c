public import Control
import Domain
public import Postgres

/// What the log says is erased and the tables still hold: large erasures beyond their commit, and what a process did not
/// come to.
public enum PendingErasures {
  /// The erasures of a ledger after a position, in order, at most so many.
  public static func positions(
    _ connection: Connection, ledger: String, after position: Int64, limit: Int = 100
  ) throws(PostgresError) -> [Int64] {
    let rows = try connection.execute(
      """
      SELECT e.position FROM daybook.events e
      WHERE e.ledger_id = $1 AND e.type = 'payload.erased' AND e.position > $2
      ORDER BY e.position LIMIT $3
      """, [.text(ledger), .int64(position), .int64(Int64(limit))])
    return (0..<rows.count).map { rows.int64($0, 0) }
  }

  /// Carries out one erasure; what was done before costs a look.
  ///
  /// - Returns: how many personal parts were emptied.
  @discardableResult
  public static func carryOut(
    _ connection: Connection, ledger: String, erasure: Int64
  ) throws(PostgresError) -> Int64 {
    let forget = ErasureStatements.forget(ledger, erasure)
    try connection.execute(forget.sql, forget.parameters)
    let empty = ErasureStatements.empty(ledger, erasure)
    return try connection.execute(empty.sql, empty.parameters).affected
  }

  /// What each erasure up to a position named, by its id: events by position, subject, recorded time and persons.
  public static func recorded(
    _ connection: Connection, ledger: String, upTo position: Int64
  ) throws -> [String: Erasable] {
    var erasures: [String: Erasable] = [:]
    try connection.stream(
      """
      SELECT e.position, e.subject, e.recorded_at, e.derived -> 'persons', x.data ->> 'erasure'
      FROM daybook.events x
      LEFT JOIN LATERAL jsonb_array_elements_text(x.data -> 'positions') p(position) ON true
      LEFT JOIN daybook.events e ON e.ledger_id = x.ledger_id AND e.position = p.position::bigint
      WHERE x.ledger_id = $1 AND x.type = 'payload.erased' AND x.position <= $2
      ORDER BY x.position, e.position
      """, [.text(ledger), .int64(position)]
    ) { rows in
      for row in 0..<rows.count where !rows.isNull(row, 4) {
        let id = rows.string(row, 4)
        if erasures[id] == nil { erasures[id] = Erasable(isPersonKnown: true) }
        if !rows.isNull(row, 0) { erasures[id]?.events.append(SelectorScan.event(rows, row)) }
      }
      return true
    }
    return erasures
  }
}
