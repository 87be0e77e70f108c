public import Domain
import Integrity
public import Postgres

/// Streams events row by row in memory that is kept, each with the hash of its leaf and without its personal part: for loops
/// over millions of events that make no value of each.
public final class EventRows {
  private let entries: EntryRows
  private let leaf: UnsafeMutableRawBufferPointer
  /// Of the row before: nearly all are of one type.
  private var type = ""

  /// Reads over a connection that the caller keeps to itself meanwhile.
  public init(_ connection: Connection, ledger: String) {
    entries = EntryRows(connection, ledger: ledger)
    leaf = .allocate(byteCount: TreeHash.length, alignment: 16)
  }

  deinit { leaf.deallocate() }

  /// Hands over every event that matches, in order and in constant memory, while Postgres makes the next ones; `body` must
  /// not use the connection.
  ///
  /// - Parameter progress: told the last position now and then.
  /// - Throws: `LogError.corrupt` where a row is no event; what Postgres answers, and what `body` throws.
  public func stream(
    _ filter: LogFilter, progress: (Int64) -> Void, _ body: (EventRow) throws -> Void
  ) throws {
    try entries.stream(filter, .withoutPersons) { rows in
      var last: Int64 = 0
      while try rows.next() {
        last = rows.int64(EventColumns.position)
        try body(row(rows, last))
      }
      progress(last)
    }
  }

  private func row(_ rows: CopiedRows, _ position: Int64) throws -> EventRow {
    guard entries.isReadable, let entry = entries.entry() else {
      throw LogError(.corrupt, "the event at position \(position) cannot be read")
    }
    TreeHash.leaf(entry, into: leaf.baseAddress!)
    let told = rows.field(EventColumns.type)
    if !type.utf8.elementsEqual(told) { type = String(decoding: told, as: UTF8.self) }
    return EventRow(
      position: position, type: type, occurredAt: Timestamp(microseconds: rows.timestamp(EventColumns.occurredAt)),
      data: rows.json(EventColumns.data),
      derived: rows.isNull(EventColumns.derived) ? nil : rows.json(EventColumns.derived),
      leaf: UnsafeRawBufferPointer(leaf))
  }
}

/// What ``EventRows`` lends of one event; its bytes are valid until the next one is asked for.
public struct EventRow {
  /// Place in the ledger.
  public let position: Int64
  /// The event's type.
  public let type: String
  /// When it happened.
  public let occurredAt: Timestamp
  /// What the producer said, personal members not among it, in Postgres's spelling.
  public let data: UnsafeRawBufferPointer
  /// What the ledger concluded, likewise.
  public let derived: UnsafeRawBufferPointer?
  /// The RFC 6962 leaf hash of its entry: 32 bytes.
  public let leaf: UnsafeRawBufferPointer
}
