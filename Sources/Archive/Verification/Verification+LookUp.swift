import Domain
import Postgres

extension Verification {
  /// Looks up what fingerprints made doubtful, and what no range has: rows without a position, and, where the log was not
  /// read from its beginning, how what is new follows what is old.
  func lookUp(_ combiner: LogCombiner, behind start: Int64) throws {
    let sequence = "the sequence of the event's subject has gaps, repetitions or another order"
    let identity = "the id and source stand twice"
    for position in combiner.doubtfulSequences where try isOutOfSequence(position) {
      combiner.find(.sequence, position, sequence)
    }
    for position in combiner.doubtfulIdentities where try isTwice(position) {
      combiner.find(.identity, position, identity)
    }
    let outside = try connection.execute(
      """
      SELECT count(*), min(position) FROM daybook.events
      WHERE ledger_id = $1 AND (position IS NULL OR position < 1)
      """, [.text(ledger)])
    if outside.int64(0, 0) > 0 {
      combiner.find(.gap, outside.optionalInt64(0, 1) ?? 0, "a row stands at no position of a log")
    }
    guard start > 0 else { return }
    for position in try positions(Self.unfollowed, behind: start) { combiner.find(.sequence, position, sequence) }
    for position in try positions(Self.repeated, behind: start) { combiner.find(.identity, position, identity) }
  }

  private func isOutOfSequence(_ position: Int64) throws -> Bool {
    let rows = try connection.execute(
      """
      SELECT bool_or(e.sequence <> (
        SELECT count(*) FROM daybook.events AS s
        WHERE s.ledger_id = e.ledger_id AND s.subject = e.subject AND s.position <= e.position))
      FROM daybook.events AS e
      WHERE e.ledger_id = $1 AND e.position = $2
      """, [.text(ledger), .int64(position)])
    return rows.isNull(0, 0) || rows.boolean(0, 0)
  }

  private func isTwice(_ position: Int64) throws -> Bool {
    let rows = try connection.execute(
      """
      SELECT count(*) > 1
      FROM daybook.events AS e
      JOIN daybook.events AS o ON o.ledger_id = e.ledger_id AND o.id = e.id AND o.source = e.source
      WHERE e.ledger_id = $1 AND e.position = $2
      """, [.text(ledger), .int64(position)])
    return rows.boolean(0, 0)
  }

  private func positions(_ sql: String, behind start: Int64) throws -> [Int64] {
    let rows = try connection.execute(sql, [.text(ledger), .int64(start)])
    return (0..<rows.count).map { rows.int64($0, 0) }
  }

  /// New events whose predecessor in the subject is neither old nor new.
  private static let unfollowed = """
    SELECT e.position
    FROM daybook.events AS e
    WHERE e.ledger_id = $1 AND e.position > $2 AND e.sequence > 1
      AND NOT EXISTS (
        SELECT FROM daybook.events AS p
        WHERE p.ledger_id = e.ledger_id AND p.subject = e.subject AND p.sequence = e.sequence - 1
          AND p.position < e.position)
    ORDER BY 1 LIMIT \(findingLimit)
    """

  /// New events whose identity an old one has.
  private static let repeated = """
    SELECT e.position
    FROM daybook.events AS e
    JOIN daybook.events AS o
      ON o.ledger_id = e.ledger_id AND o.id = e.id AND o.source = e.source AND o.position <= $2
    WHERE e.ledger_id = $1 AND e.position > $2
    ORDER BY 1 LIMIT \(findingLimit)
    """
}

extension Rows {
  /// A jsonb as a value; nil for NULL, and for what the ledger does not take.
  func optionalValue(_ row: Int, _ column: Int) -> JSON? {
    optionalJSON(row, column).flatMap { try? JSON(parsing: $0, limits: JSONLimits(depth: 64)) }
  }
}
