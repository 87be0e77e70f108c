import Domain
import Integrity
import Log
public import Postgres

/// What the notary made public of a ledger, read from its database: checkpoints, tiles, entries, proofs, receipts.
///
/// Nothing is served that no checkpoint covers.
public struct PublishedLog {
  let connection: Connection
  let ledger: String

  /// Reads over a connection that the caller keeps to itself meanwhile; the role `daybook_auditor` suffices.
  public init(_ connection: Connection, ledger: String) {
    self.connection = connection
    self.ledger = ledger
  }

  /// The newest checkpoint of the newest series, with the cosignatures that witnesses gave for it.
  ///
  /// - Parameters:
  ///   - cosignatures: The newest one with at least so many.
  ///   - position: Only one that covers this.
  /// - Returns: nil where there is none.
  public func checkpoint(cosignatures: Int = 0, covering position: Int64 = 0) throws -> SignedCheckpoint? {
    let newest = try connection.execute(
      """
      SELECT c.series, c.position FROM daybook.checkpoints c
      WHERE c.ledger_id = $1 ORDER BY c.series DESC, c.position DESC LIMIT 1
      """, [.text(ledger)])
    guard newest.count == 1, newest.int64(0, 1) >= position else { return nil }
    let series = newest.int64(0, 0)
    var size: Int64? = newest.int64(0, 1)
    if cosignatures > 0 {
      let rows = try connection.execute(
        """
        SELECT position FROM daybook.cosignatures
        WHERE ledger_id = $1 AND series = $2 AND position >= $3
        GROUP BY position HAVING count(*) >= $4
        ORDER BY position DESC LIMIT 1
        """, [.text(ledger), .int64(series), .int64(position), .int64(Int64(cosignatures))])
      size = rows.count == 1 ? rows.int64(0, 0) : nil
    }
    guard let size else { return nil }
    return try checkpoint(series: Int(series), at: size)
  }

  private func checkpoint(series: Int, at position: Int64) throws -> SignedCheckpoint? {
    let answers = try connection.pipeline([
      Statement(
        """
        SELECT position, root, note, signed_at FROM daybook.checkpoints
        WHERE ledger_id = $1 AND series = $2 AND position = $3
        """, [.text(ledger), .int32(Int32(series)), .int64(position)]),
      Statement(
        """
        SELECT line FROM daybook.cosignatures
        WHERE ledger_id = $1 AND series = $2 AND position = $3 ORDER BY received_at, witness
        """, [.text(ledger), .int32(Int32(series)), .int64(position)]),
    ])
    guard answers[0].count == 1, var found = NotaryRecords.checkpoint(answers[0], 0, series: series) else {
      throw LogError(.corrupt, "the kept checkpoint at position \(position) of ledger \(ledger) is none")
    }
    for row in 0..<answers[1].count {
      let line = answers[1].string(row, 0)
      if let signature = try? NoteSignature(line: String(line.dropLast())) { found.note.add([signature]) }
    }
    return found
  }

  /// The size that was signed last; 0 for none.
  func signedSize() throws(PostgresError) -> Int64 {
    let rows = try connection.execute(
      """
      SELECT position FROM daybook.checkpoints WHERE ledger_id = $1 ORDER BY series DESC, position DESC LIMIT 1
      """, [.text(ledger)])
    return rows.count == 1 ? rows.int64(0, 0) : 0
  }
}

// MARK: - Tiles

extension PublishedLog {
  /// The hashes of a tile; nil where the signed tree has no such tile.
  public func tile(level: Int, index: Int64, width: Int) throws -> [UInt8]? {
    let size = try signedSize()
    guard let whole = Tile(level: level, index: index, treeSize: size), width <= whole.width else { return nil }
    let tile = Tile(level: level, index: index, width: width)
    return try StoredTiles(connection, ledger: ledger, signedSize: size).hashes(of: [tile])[0]
  }

  /// The entries under a tile of level 0; nil where the signed tree has no such tile.
  public func entries(index: Int64, width: Int) throws -> [UInt8]? {
    guard let whole = Tile(level: 0, index: index, treeSize: try signedSize()), width <= whole.width else {
      return nil
    }
    let first = index * Int64(Tile.fullWidth)
    var entries: [[UInt8]] = []
    try EntryReader(connection, ledger).read(after: first, upTo: first + Int64(width)) { entries.append($1) }
    guard entries.count == width else {
      throw LogError(.corrupt, "position \(first + Int64(entries.count) + 1) of ledger \(ledger) is missing")
    }
    return EntryBundle.bytes(entries)
  }
}
