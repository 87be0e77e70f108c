import Control
import Domain
import Postgres

/// The columns of `daybook.events` that the control state folds, and how a row becomes what it applies.
enum ControlColumns {
  /// For a SELECT list with the table aliased `e`.
  static let list = """
    e.position, e.type, e.type_version, e.subject, e.sequence, e.occurred_at, e.recorded_at, e.actor, e.actor_kind,
    e.data, e.derived
    """

  /// Reads one row selected with `list`.
  ///
  /// - Throws: `LogError.corrupt` where data or derived is no JSON that the ledger takes, or the actor is of no kind.
  static func event(_ rows: Rows, _ row: Int) throws -> AppliedEvent {
    let position = rows.int64(row, 0)
    guard let kind = ActorKind(rawValue: rows.string(row, 8)), let data = try? JSON(parsing: rows.json(row, 9)),
      let derived = try? rows.optionalJSON(row, 10).map({ bytes throws(JSONFaults) in try JSON(parsing: bytes) })
    else { throw LogError(.corrupt, "the event at position \(position) cannot be read") }
    return AppliedEvent(
      position: position, type: rows.string(row, 1), typeVersion: Int(rows.int64(row, 2)),
      subject: rows.string(row, 3), sequence: rows.int64(row, 4),
      occurredAt: Timestamp(microseconds: rows.timestamp(row, 5)),
      recordedAt: Timestamp(microseconds: rows.timestamp(row, 6)), actor: rows.string(row, 7), actorKind: kind,
      data: data, derived: derived)
  }
}
