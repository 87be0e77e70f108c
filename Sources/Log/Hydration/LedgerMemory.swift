public import Control
public import Domain
public import Integrity
public import Postgres

/// What a writer carries in memory of its ledger, as of one position.
///
/// A class with one owner, the writer: a copied control state would be copied for real at its next change.
public final class LedgerMemory {
  /// The tree so far; its size is the last position.
  public var edge: TreeEdge
  /// The control state at the same position.
  public var state: ControlState
  /// The last recorded time; nothing is recorded before it.
  public var recordedAt: Timestamp?

  /// Makes a memory.
  public init(edge: TreeEdge, state: ControlState, recordedAt: Timestamp?) {
    self.edge = edge
    self.state = state
    self.recordedAt = recordedAt
  }

  /// Lends the state where it lies. `memory.state.f()` copies all of it for the call, as `f` might change the memory by
  /// another way: too dear on the path of every decision.
  @inline(__always)
  public func withState<Value, Failure: Error>(
    _ body: (inout ControlState) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    try body(&state)
  }

  /// The last position.
  public var position: Int64 { edge.size }

  /// The part of the memory that has no overlay and is put back as a value.
  public struct Tree: Sendable {
    var edge: TreeEdge
    var recordedAt: Timestamp?
  }

  /// Tree and recorded time, to keep and put back.
  public var tree: Tree {
    get { Tree(edge: edge, recordedAt: recordedAt) }
    set { (edge, recordedAt) = (newValue.edge, newValue.recordedAt) }
  }

  /// Takes in an event that is in the log, next in order.
  ///
  /// The state is changed in its overlay; `state.merge()` is the caller's.
  public func absorb(_ event: RecordedEvent) throws {
    guard event.position == edge.size + 1 else {
      throw LogError(.corrupt, "position \(event.position) of ledger \(event.ledger) follows \(edge.size)")
    }
    edge.append(leafHash: EventHash.leaf(entry: EventHash.entry(event)))
    recordedAt = event.recordedAt
    if ControlState.eventTypes.contains(event.type) {
      try apply(AppliedEvent(event))
    } else {
      state.advance(to: event.position)
    }
  }

  /// Changes the control state, in its overlay.
  public func apply(_ event: AppliedEvent) { state.apply(event) }

  /// Reads the newest seal and snapshot and what was logged since.
  public static func hydrate(_ connection: Connection, ledger: String) throws -> LedgerMemory {
    let head = try LogReader(connection, ledger: ledger).head()
    var state = try ControlSnapshot.latest(connection, ledger: ledger)
    try ControlFold.advance(&state, to: head.position, connection)

    var edge = try Seal.latest(connection, ledger: ledger, upTo: head.position).edge
    var filter = LogFilter()
    filter.after = edge.size
    filter.upTo = head.position
    try LogReader(connection, ledger: ledger).stream(filter) { events in
      for event in events {
        guard event.position == edge.size + 1 else {
          throw LogError(.corrupt, "position \(event.position) of ledger \(ledger) follows \(edge.size)")
        }
        edge.append(leafHash: EventHash.leaf(entry: EventHash.entry(event)))
      }
      return true
    }
    guard edge.size == head.position else {
      throw LogError(.corrupt, "the log of \(ledger) ends at \(edge.size), below its head \(head.position)")
    }
    return LedgerMemory(edge: edge, state: state, recordedAt: head.recordedAt)
  }

  /// Reads what was logged since, without a lock, and shows each event. Answers how many that were.
  ///
  /// After an error the memory must not be used again.
  @discardableResult
  public func catchUp(_ connection: Connection, seen: (RecordedEvent) -> Void = { _ in }) throws -> Int64 {
    let before = position
    var filter = LogFilter()
    while true {
      filter.after = position
      let page = try LogReader(connection, ledger: state.ledger).page(filter, limit: 1000)
      for event in page {
        try absorb(event)
        seen(event)
      }
      state.merge()
      if page.count < 1000 { return position - before }
    }
  }
}

extension AppliedEvent {
  /// The part of a recorded event that the control state folds.
  public init(_ event: RecordedEvent) throws {
    self.init(
      position: event.position, type: event.type, typeVersion: event.typeVersion, subject: event.subject,
      sequence: event.sequence, occurredAt: event.occurredAt, recordedAt: event.recordedAt, actor: event.actor,
      actorKind: event.actorKind, data: try JSON(parsing: event.data),
      derived: try event.derived.map { bytes in try JSON(parsing: bytes) })
  }
}
