import Domain
import Integrity
public import Postgres

/// Reads rows of the log one after another in memory that is kept, each with its entry and the hash of the leaf that it is: for
/// loops over millions of events. Not `Sendable`: each loop has its own.
public final class EntryRows {
  /// The row that is being read, by `EventColumns`.
  public let rows = CopiedRows(columns: EventColumns.count)
  private let connection: Connection
  private let ledger: String
  private let text = CanonicalBuffer()
  private let writer: EventRowWriter

  /// Reads over a connection that the caller keeps to itself meanwhile.
  public init(_ connection: Connection, ledger: String) {
    (self.connection, self.ledger) = (connection, ledger)
    writer = EventRowWriter(rows, text, ledger: ledger)
  }

  /// How much of a row is read; the rest is NULL.
  public enum Part: Sendable {
    /// All of it.
    case whole
    /// Without the personal part.
    case withoutPersons
    /// What the entry is made of: no payload.
    case entry

    var list: String {
      switch self {
      case .whole: EventColumns.list
      case .withoutPersons: EventColumns.listWithoutPersons
      case .entry: EventColumns.listOfEntries
      }
    }
  }

  /// Hands over the rows that match, in order and some at a time, while Postgres makes the next ones: `body` asks for one after the
  /// other until there is none, and must not use the connection.
  public func stream(_ filter: LogFilter, _ part: Part = .whole, _ body: (CopiedRows) throws -> Void) throws {
    let copy = try EventColumns.copy(part.list, filter, ledger: ledger, on: connection)
    try connection.copyOut(copy, by: rows, body)
  }

  /// Has the row what an entry is made of? Somebody may have changed it behind the schema's back.
  public var isReadable: Bool {
    for (column, length) in Self.required
    where rows.isNull(column) || rows.field(column).count != length ?? rows.field(column).count {
      return false
    }
    return Self.canBeTold(rows.timestamp(EventColumns.recordedAt))
      && Self.canBeTold(rows.timestamp(EventColumns.occurredAt)) && Self.isKind(rows.field(EventColumns.actorKind))
  }

  /// The row's canonical entry, valid until the next is asked for; nil where it is longer than any event's.
  ///
  /// - Precondition: the row is readable.
  public func entry() -> UnsafeRawBufferPointer? {
    text.clear()
    writer.writeEntry()
    return text.count <= EventHash.longestEntry ? text.bytes : nil
  }

  /// Hands over the entries behind a position up to another, as far as they are there without a gap and can be read.
  public func entries(after: Int64, upTo: Int64, _ body: (UnsafeRawBufferPointer) -> Void) throws {
    var filter = LogFilter()
    (filter.after, filter.upTo) = (after, upTo)
    var next: Int64? = after + 1
    try stream(filter, .entry) { rows in
      while try rows.next() {
        guard let due = next, isReadable, rows.int64(EventColumns.position) == due, let entry = entry() else {
          next = nil
          continue
        }
        body(entry)
        next = due + 1
      }
    }
  }

  /// The hashes of their leaves, 32 bytes each.
  public func leaves(after: Int64, upTo: Int64) throws -> [UInt8] {
    let leaves = CanonicalBuffer(capacity: Int(max(1, upTo - after)) * TreeHash.length)
    try entries(after: after, upTo: upTo) { TreeHash.leaf($0, into: leaves.extend(by: TreeHash.length)) }
    return Array(leaves.bytes)
  }

  /// What every event has, with the length of what is not of any.
  private static let required: [(column: Int, length: Int?)] = [
    (EventColumns.position, 8), (EventColumns.id, nil), (EventColumns.source, nil), (EventColumns.type, nil),
    (EventColumns.typeVersion, 4), (EventColumns.subject, nil), (EventColumns.sequence, 8),
    (EventColumns.occurredAt, 8), (EventColumns.recordedAt, 8), (EventColumns.actor, nil),
    (EventColumns.actorKind, nil), (EventColumns.payloadHash, nil),
  ]

  private static func canBeTold(_ time: Int64) -> Bool {
    time >= Timestamp.earliest.microseconds && time <= Timestamp.latest.microseconds
  }

  private static func isKind(_ text: UnsafeRawBufferPointer) -> Bool {
    kinds.contains { text.count == $0.count && text.elementsEqual($0) }
  }

  private static let kinds: [[UInt8]] = [.service, .agent, .human, .system].map { (kind: ActorKind) in
    Array(kind.rawValue.utf8)
  }
}
