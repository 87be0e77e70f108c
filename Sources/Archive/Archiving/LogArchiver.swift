public import Exports
public import Integrity
import Domain
import Log
public import Postgres

/// Takes a ledger's log into a folder of segments: whole, from a position, or what came since.
public struct LogArchiver {
  private let connection: Connection
  private let ledger: String
  private let writer: ArchiveWriter

  /// Opens the folder, which goes on where it ended.
  ///
  /// - Parameters:
  ///   - connection: A login that may take `daybook_auditor`; nobody else uses it meanwhile.
  ///   - from: First position of a folder that is made now.
  /// - Throws: `LogError.unknownLedger`, `ArchiveError`, and what Postgres answers.
  public init(
    _ connection: Connection, ledger: String, folder: String, origin: String, from: Int64 = 1,
    form: ArchiveWriter.Form = .init(), signer: NoteSigner
  ) throws {
    guard try LedgerRows.names(connection).contains(ledger) else {
      throw LogError(.unknownLedger, "no ledger \(ledger)")
    }
    self.connection = connection
    self.ledger = ledger
    writer = try ArchiveWriter(folder, ledger: ledger, origin: origin, from: from, form: form, signer: signer) {
      try Self.edge(connection, ledger: ledger, at: $0)
    } names: { tokens in
      try Self.persons(connection, ledger: ledger, tokens)
    }
  }

  /// The last position in the folder.
  public var position: Int64 { writer.position }
  /// What the folder holds.
  public var contents: ExportManifest { writer.contents }

  /// Takes in what the log has beyond the folder, up to a position or its head, and publishes it.
  ///
  /// - Parameter progress: Positions done, and the last one that there is.
  /// - Returns: How many events were taken in.
  public func run(upTo bound: Int64? = nil, progress: (Int64, Int64) -> Void = { _, _ in }) throws -> Int64 {
    // One snapshot, so that an erasure and what it empties are seen together.
    try connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    defer { _ = try? connection.execute("ROLLBACK") }
    let reader = LogReader(connection, ledger: ledger)
    let last = min(bound ?? .max, try reader.head().position)
    let before = writer.position
    var filter = LogFilter()
    (filter.after, filter.upTo) = (before, last)
    if last > before {
      try reader.stream(filter, chunk: 1000) { events in
        for event in events { try writer.append(event) }
        progress(writer.position, last)
        return true
      }
    }
    guard writer.position >= last else {
      throw ArchiveError(.corrupt, "the log ends at \(writer.position), below its head \(last)")
    }
    try writer.seal()
    // Behind the manifest: a checkpoint that is older than the folder's contents says less, but nothing wrong.
    if let note = try PublishedCheckpoint.latest(connection, ledger: ledger, upTo: writer.position) {
      try writer.keep(checkpoint: note)
    }
    return writer.position - before
  }

  /// The log's name in its checkpoints; one made of the ledger's where nothing was ever signed.
  public static func origin(_ connection: Connection, ledger: String) throws -> String {
    try PublishedCheckpoint.origin(connection, ledger: ledger) ?? ArchiveWriter.usualOrigin(ledger)
  }

  private static func persons(
    _ connection: Connection, ledger: String, _ tokens: [String]
  ) throws -> [SegmentContents.Person] {
    let rows = try connection.execute(
      "SELECT kind, value, token FROM daybook.persons WHERE ledger_id = $1 AND token = ANY ($2) ORDER BY token",
      [.text(ledger), .texts(tokens)])
    return (0..<rows.count).map { row in
      .init(kind: rows.string(row, 0), value: rows.string(row, 1), token: rows.string(row, 2))
    }
  }

  /// The tree at a position: a kept seal, and the entries behind it.
  private static func edge(_ connection: Connection, ledger: String, at position: Int64) throws -> TreeEdge {
    var edge = try Seal.latest(connection, ledger: ledger, upTo: position).edge
    var filter = LogFilter()
    (filter.after, filter.upTo) = (edge.size, position)
    if edge.size < position {
      try LogReader(connection, ledger: ledger).stream(filter) { events in
        for event in events { edge.append(leafHash: EventHash.leaf(entry: EventHash.entry(event))) }
        return true
      }
    }
    guard edge.size == position else {
      throw ArchiveError(.diverged, "the log ends at \(edge.size), but events up to \(position) were archived")
    }
    return edge
  }
}
