import Postgres

/// A halt by the notary that nobody ended yet: nothing may be appended, in any process.
enum OpenHalt {
  /// Asks for one of the ledger `$1`; the table is all but empty.
  static let query = """
    SELECT h.detail
    FROM daybook.halts h
    WHERE h.ledger_id = $1 AND h.stops_appends
      AND NOT EXISTS (SELECT FROM daybook.halt_ends e WHERE e.ledger_id = h.ledger_id AND e.halt = h.halt)
    LIMIT 1
    """

  /// What is told to those who would append.
  static func error(_ detail: String, _ ledger: String) -> LogError {
    LogError(.halted, "the notary halted ledger \(ledger): \(detail)")
  }
}
