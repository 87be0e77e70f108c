import Postgres

/// The SQL that carries out what a `payload.erased` names. Each statement can be repeated: what is done is left alone.
enum ErasureStatements {
  /// Personal parts that are emptied with the commit of their erasure at most: others wait for the ledger's lock meanwhile.
  static let positionsInCommit = 10_000

  /// What belongs into the commit of erasures.
  static func inCommit(_ ledger: String, _ erasures: [(position: Int64, positions: Int)]) -> [Statement] {
    var statements = erasures.map { forget(ledger, $0.position) }
    var count = 0
    for erasure in erasures {
      count += erasure.positions
      if count > positionsInCommit { break }
      statements.append(empty(ledger, erasure.position))
    }
    return statements
  }

  /// Empties the personal parts that an erasure names.
  static func empty(_ ledger: String, _ erasure: Int64) -> Statement {
    Statement(
      """
      UPDATE daybook.events e
      SET personal = NULL, salt = NULL
      FROM (
        SELECT DISTINCT p.position::bigint AS position
        FROM daybook.events x, jsonb_array_elements_text(x.data -> 'positions') p(position)
        WHERE x.ledger_id = $1 AND x.position = $2 AND x.type = 'payload.erased'
        ORDER BY 1) p
      WHERE e.ledger_id = $1 AND e.position = p.position AND e.position < $2 AND e.personal IS NOT NULL
      """, [.text(ledger), .int64(erasure)])
  }

  /// Forgets the persons whom an erasure names.
  static func forget(_ ledger: String, _ erasure: Int64) -> Statement {
    Statement(
      """
      DELETE FROM daybook.persons p
      USING daybook.events x, jsonb_array_elements_text(x.data -> 'forgotten') f(token)
      WHERE x.ledger_id = $1 AND x.position = $2 AND x.type = 'payload.erased'
        AND p.ledger_id = $1 AND p.token = f.token
      """, [.text(ledger), .int64(erasure)])
  }
}
