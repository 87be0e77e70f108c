public import Domain
import Postgres
import Synchronization

/// What a book says, with the position that it reflects; holds a connection until written or closed.
public final class BookAnswer: Sendable {
  /// The book that answers: the live version, which may be older than the catalogue's.
  public let definition: ProjectionDefinition
  /// The question.
  public let query: QueryDefinition
  /// Whose book.
  public let ledger: String
  /// The last event that the rows reflect; 0 before the first.
  public let position: Int64
  /// When that event was recorded; nil at position 0.
  public let recordedTime: Timestamp?
  /// The columns of this answer: those that its `group_by` names, and those that are always there.
  public let columns: [QueryColumn]

  /// The session with the open cursor, and what to do with it afterwards; nil once given back.
  private let lease: Mutex<SessionLease?>

  init(
    definition: ProjectionDefinition, query: QueryDefinition, ledger: String, position: Int64,
    recordedTime: Timestamp?, columns: [QueryColumn], lease: SessionLease
  ) {
    self.definition = definition
    self.query = query
    self.ledger = ledger
    self.position = position
    self.recordedTime = recordedTime
    self.columns = columns
    self.lease = Mutex(lease)
  }

  deinit { lease.withLock { $0 }?.giveBack() }

  /// Writes everything in parts of some 64 KiB, in constant memory, and gives the connection back.
  ///
  /// An answer is written once. What `sink` throws ends the writing and is thrown on.
  ///
  /// - Returns: how many rows it had.
  @discardableResult
  public func write(
    as format: BookFormat, to sink: @Sendable ([UInt8]) async throws -> Void
  ) async throws -> Int {
    guard let lease = takeLease() else {
      throw ProjectionError(.defect, "this answer was written or closed before")
    }
    defer { lease.giveBack() }
    let start = AnswerWriter(format, columns)
    try await sink(start.head(of: self))
    var writer = start
    var written = 0
    while true {
      let (bytes, next, count) = try await part(writer, lease)
      writer = next
      if count == 0 { break }
      written += count
      try await sink(bytes)
    }
    let tail = writer.tail
    if !tail.isEmpty { try await sink(tail) }
    return written
  }

  private func part(_ writer: AnswerWriter, _ lease: SessionLease) async throws -> ([UInt8], AnswerWriter, Int) {
    do {
      return try await lease.session.run { [columns, ledger] line in
        let (rows, persons) = try AnswerCursor.fetch(columns, ledger: ledger, on: line)
        var writer = writer
        var bytes: [UInt8] = []
        writer.append(rows, persons: persons, to: &bytes)
        return (bytes, writer, rows.count)
      }
    } catch let error as PostgresError {
      throw BookQueries.translated(error, query.name)
    }
  }

  /// Gives the connection back without reading the rows.
  public func close() async { takeLease()?.giveBack() }

  private func takeLease() -> SessionLease? {
    lease.withLock { lease in
      defer { lease = nil }
      return lease
    }
  }
}
