import Domain
import Postgres

/// The position that a point in the log's history means.
struct ReplayTarget {
  var position: Int64
  var recordedTime: Timestamp?

  /// Looks it up; a time is searched by halves, for recorded times never go back.
  static func find(_ point: ReplayPoint, ledger: String, on connection: Connection) throws -> ReplayTarget {
    let head = try headPosition(ledger, on: connection)
    let position: Int64
    switch point {
    case .position(let asked):
      guard (0...head).contains(asked) else {
        throw ProjectionError(.beyondHead, "the ledger has the positions 0 to \(head)", position: head)
      }
      position = asked
    case .time(let moment):
      position = try last(before: moment, head: head, ledger: ledger, on: connection)
    }
    return ReplayTarget(
      position: position,
      recordedTime: position == 0 ? nil : try recordedTime(of: position, ledger: ledger, on: connection))
  }

  /// The head of the log.
  static func head(ledger: String, on connection: Connection) throws -> ReplayTarget {
    try find(.position(headPosition(ledger, on: connection)), ledger: ledger, on: connection)
  }

  private static func headPosition(_ ledger: String, on connection: Connection) throws -> Int64 {
    let rows = try connection.execute(
      """
      SELECT coalesce((
        SELECT e.position
        FROM daybook.events AS e
        WHERE e.ledger_id = l.ledger_id
        ORDER BY e.position DESC
        LIMIT 1
      ), 0)
      FROM daybook.ledgers AS l
      WHERE l.ledger_id = $1
      """, [.text(ledger)])
    guard rows.count == 1 else { throw ProjectionError(.unknownLedger, "there is no ledger \(ledger)") }
    return rows.int64(0, 0)
  }

  private static func last(
    before moment: Timestamp, head: Int64, ledger: String, on connection: Connection
  ) throws -> Int64 {
    var low: Int64 = 0
    var high = head
    while low < high {
      let middle = low + (high - low + 1) / 2
      if try recordedTime(of: middle, ledger: ledger, on: connection) <= moment {
        low = middle
      } else {
        high = middle - 1
      }
    }
    return low
  }

  private static func recordedTime(
    of position: Int64, ledger: String, on connection: Connection
  ) throws -> Timestamp {
    let rows = try connection.execute(
      "SELECT recorded_at FROM daybook.events WHERE ledger_id = $1 AND position = $2",
      [.text(ledger), .int64(position)])
    guard rows.count == 1 else {
      throw ProjectionError(
        .defect, "the ledger has no event at position \(position): verify the log", position: position)
    }
    return Timestamp(microseconds: rows.timestamp(0, 0))
  }
}
