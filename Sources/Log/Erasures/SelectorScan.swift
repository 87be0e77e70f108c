public import Control
import Domain
public import Postgres

/// What an erasure selects, found without the ledger's lock up to a position: the log up to there does not change.
///
/// Events that name a person are found by reading the log through, as nothing indexes persons; under the lock only what
/// came since is read.
public struct SelectorScan: Sendable {
  /// What was looked for.
  public var selector: ErasureSelector
  /// Everything up to here was looked at.
  public var upTo: Int64
  /// The events found, ascending; one more than may be erased at once where there are more.
  public var events: [ErasableEvent]

  /// Positions that one statement reads at most, so that none takes long.
  static let stride: Int64 = 100_000

  /// Looks through the log up to its head.
  public static func run(
    _ connection: Connection, ledger: String, _ selector: ErasureSelector
  ) throws -> SelectorScan {
    let head = try LogReader(connection, ledger: ledger).head().position
    var scan = SelectorScan(selector: selector, upTo: 0, events: [])
    try scan.advance(to: head, connection, ledger: ledger)
    return scan
  }

  /// What a selector finds in the log as it is under the ledger's lock.
  ///
  /// - Parameter scan: What was found before; not used where it was something else that was looked for.
  public static func finish(
    _ scan: SelectorScan?, of selector: ErasureSelector, _ connection: Connection, ledger: String
  ) throws -> Erasable {
    let head = try LogReader(connection, ledger: ledger).head().position
    var scan =
      scan.flatMap { $0.selector == selector && $0.upTo <= head ? $0 : nil }
      ?? SelectorScan(selector: selector, upTo: 0, events: [])
    try scan.advance(to: head, connection, ledger: ledger)
    var isKnown = false
    if case .person(_, let token) = selector.choice {
      isKnown = try !PersonTokens.names(connection, ledger: ledger, of: [token]).isEmpty
    }
    return Erasable(events: scan.events, isPersonKnown: isKnown)
  }

  private mutating func advance(to head: Int64, _ connection: Connection, ledger: String) throws {
    while upTo < head, events.count <= ControlState.erasedAtOnce {
      let end = selector.isIndexed ? head : min(upTo + Self.stride, head)
      let (condition, value) = selector.condition
      let rows = try connection.execute(
        """
        SELECT e.position, e.subject, e.recorded_at, e.derived -> 'persons'
        FROM daybook.events e
        WHERE e.ledger_id = $1 AND e.position > $2 AND e.position <= $3 AND e.personal IS NOT NULL AND \(condition)
          AND ($5::timestamptz IS NULL OR e.recorded_at < $5)
        ORDER BY e.position LIMIT \(ControlState.erasedAtOnce + 1)
        """,
        [
          .text(ledger), .int64(upTo), .int64(end), value,
          selector.before.map { Parameter.timestamp($0.microseconds) } ?? .null,
        ])
      for row in 0..<rows.count { events.append(Self.event(rows, row)) }
      upTo = end
    }
  }

  /// Reads a row of position, subject, recorded time and persons.
  static func event(_ rows: Rows, _ row: Int) -> ErasableEvent {
    ErasableEvent(
      position: rows.int64(row, 0), subject: rows.string(row, 1),
      recordedAt: Timestamp(microseconds: rows.timestamp(row, 2)),
      persons: rows.optionalJSON(row, 3).flatMap { try? JSON(parsing: $0) })
  }
}

extension ErasureSelector {
  /// True where an index leads to the events.
  fileprivate var isIndexed: Bool { if case .person = choice { false } else { true } }

  /// The condition that `$4` fills.
  fileprivate var condition: (sql: String, value: Parameter) {
    switch choice {
    case .subject(let subject): ("e.subject = $4::text", .text(subject))
    case .person(_, let token):
      ("jsonb_path_exists(e.derived, '$.persons.* ? (@ == $t)', jsonb_build_object('t', $4::text))", .text(token))
    case .positions(let positions): ("e.position = ANY ($4::bigint[])", .int64s(positions))
    }
  }
}
