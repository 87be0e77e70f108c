import Postgres

/// A halt by the notary that nobody ended yet: nothing may be appended, in any process.
enum OpenHalt {
  /// Asks for one; the table is all but empty.
  static func statement(_ ledger: String) -> Statement {
    Statement(
      """
      SELECT h.detail
      FROM daybook.halts h
      WHERE h.ledger_id = $1 AND h.stops_appends
        AND NOT EXISTS (SELECT FROM daybook.halt_ends e WHERE e.ledger_id = h.ledger_id AND e.halt = h.halt)
      LIMIT 1
      """, [.text(ledger)])
  }

  /// - Throws: `LogError.halted` where there is one.
  static func check(_ rows: Rows, _ ledger: String) throws(LogError) {
    guard rows.count > 0 else { return }
    throw LogError(.halted, "the notary halted ledger \(ledger): \(rows.string(0, 0))")
  }
}
