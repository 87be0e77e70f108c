import Crypto
public import Domain
import Integrity
public import Postgres

/// Streams events row by row in memory that is kept, each with the hash of its leaf and without its personal part: for loops
/// over millions of events that make no value of each.
public final class EventRows {
  private let connection: Connection
  private let ledger: String
  private let rows = CopiedRows(columns: EventColumns.count)
  private let entry = CanonicalBuffer()
  private let leaf: UnsafeMutableRawBufferPointer
  /// Of the row before: nearly all are of one type.
  private var type = ""

  /// Reads over a connection that the caller keeps to itself meanwhile.
  public init(_ connection: Connection, ledger: String) {
    self.connection = connection
    self.ledger = ledger
    leaf = .allocate(byteCount: TreeHash.length, alignment: 16)
  }

  deinit { leaf.deallocate() }

  /// Hands over every event that matches, in order and in constant memory, while Postgres makes the next ones; `body` must
  /// not use the connection.
  ///
  /// - Parameter progress: told the last position now and then.
  public func stream(
    _ filter: LogFilter, progress: (Int64) -> Void, _ body: (EventRow) throws -> Void
  ) throws {
    let copy = """
      COPY (
        SELECT \(EventColumns.listWithoutPersons) FROM daybook.events e
        WHERE \(try filter.clause(ledger: ledger, on: connection)) ORDER BY e.position
      ) TO STDOUT (FORMAT binary)
      """
    let writer = EventRowWriter(rows, entry, ledger: ledger)
    try connection.copyOut(copy, by: rows) { rows in
      var last: Int64 = 0
      while try rows.next() {
        entry.clear()
        writer.writeEntry()
        TreeHash.leaf(entry.bytes, into: leaf.baseAddress!)
        last = rows.int64(0)
        try body(row(last))
      }
      progress(last)
    }
  }

  private func row(_ position: Int64) -> EventRow {
    let told = rows.field(3)
    if !type.utf8.elementsEqual(told) { type = String(decoding: told, as: UTF8.self) }
    return EventRow(
      position: position, type: type, occurredAt: Timestamp(microseconds: rows.timestamp(7)), data: rows.json(14),
      derived: rows.isNull(18) ? nil : rows.json(18), leaf: UnsafeRawBufferPointer(leaf))
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
