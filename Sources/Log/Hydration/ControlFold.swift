public import Control
import Domain
public import Postgres

/// Folds the control state from the log, in constant memory.
public enum ControlFold {
  /// Events that are read at once; their overlay is merged before the next ones.
  static let chunk = 1_000

  /// Applies what the log holds after the state's position, up to `position`, which must be in the log.
  ///
  /// - Parameters:
  ///   - alsoSeen: Types that change nothing and are shown all the same.
  ///   - seen: Shows each event before it is applied, with the state before it.
  /// - Throws: `LogError.corrupt` for what cannot be read; what `seen` throws; what Postgres answers.
  public static func advance(
    _ state: inout ControlState, to position: Int64, _ connection: Connection,
    alsoSeen: Set<String> = [], seen: (AppliedEvent, ControlState) throws -> Void = { _, _ in }
  ) throws {
    guard position > state.position else { return }
    let types = ControlState.eventTypes.union(alsoSeen)
    try connection.stream(
      """
      SELECT \(ControlColumns.list) FROM daybook.events e
      WHERE e.ledger_id = $1 AND e.position > $2 AND e.position <= $3 AND e.type = ANY($4)
      ORDER BY e.position
      """,
      [.text(state.ledger), .int64(state.position), .int64(position), .texts(types.sorted())],
      chunk: chunk
    ) { rows in
      for row in 0..<rows.count {
        let event = try ControlColumns.event(rows, row)
        try seen(event, state)
        state.apply(event)
      }
      state.merge()
      return true
    }
    state.advance(to: position)
    state.merge()
  }

  /// The state at a position, folded from nothing or, where it may, from the newest snapshot below.
  ///
  /// - Parameter check: Called before each event; what it throws ends the fold.
  /// - Throws: `LogError.beyondHead`, `LogError.unknownLedger`, and what `advance` throws.
  public static func state(
    of ledger: String, at position: Int64, fromSnapshot: Bool, _ connection: Connection,
    check: () throws -> Void = {}
  ) throws -> ControlState {
    let head = try LogReader(connection, ledger: ledger).head()
    guard try head.position > 0 || LedgerRows.names(connection).contains(ledger) else {
      throw LogError(.unknownLedger, "no ledger \(ledger)")
    }
    guard (0...head.position).contains(position) else {
      throw LogError(.beyondHead, "the ledger has the positions 0 to \(head.position)")
    }
    var state =
      try fromSnapshot
      ? ControlSnapshot.latest(connection, ledger: ledger, upTo: position) : ControlState(ledger: ledger)
    try advance(&state, to: position, connection) { _, _ in try check() }
    return state
  }
}
