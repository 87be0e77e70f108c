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
  let memory: TileMemory

  /// Reads over a connection that the caller keeps to itself meanwhile; the role `daybook_auditor` suffices.
  ///
  /// - Parameter memory: What proofs read before, of one database.
  public init(_ connection: Connection, ledger: String, memory: TileMemory = TileMemory()) {
    self.connection = connection
    self.ledger = ledger
    self.memory = memory
  }

  /// The tree that was signed last.
  struct Newest {
    var series: Int
    var size: Int64
    var root: [UInt8]
  }

  /// The tree that was signed last, by the newest series; nil where nothing was signed.
  ///
  /// - Parameter tile: A full tile that will be asked for: it comes in the same round trip.
  func newest(with tile: Tile? = nil) throws -> Newest? {
    let unread = tile.flatMap { memory.hashes(of: $0, in: ledger) == nil ? $0 : nil }
    let answers = try connection.pipeline(
      [
        Statement(
          """
          SELECT series, position, root FROM daybook.checkpoints
          WHERE ledger_id = $1 ORDER BY series DESC, position DESC LIMIT 1
          """, [.text(ledger)])
      ] + (unread.map { [TileRows.full(ledger, $0)] } ?? []))
    guard answers[0].count == 1 else { return nil }
    let newest = Newest(
      series: Int(answers[0].int64(0, 0)), size: answers[0].int64(0, 1), root: answers[0].bytes(0, 2))
    memory.begin(series: newest.series, of: ledger)
    // A tile that is not signed yet may still become another.
    if let unread, answers[1].count == 1, Tile(level: 0, index: unread.index, treeSize: newest.size) == unread {
      memory.keep(answers[1].bytes(0, 0), of: unread, in: ledger)
    }
    return newest
  }

  /// The newest checkpoint of the newest series, with the cosignatures that witnesses gave for it.
  ///
  /// - Parameters:
  ///   - cosignatures: The newest one with at least so many.
  ///   - position: Only one that covers this.
  /// - Returns: nil where there is none.
  public func checkpoint(cosignatures: Int = 0, covering position: Int64 = 0) throws -> SignedCheckpoint? {
    guard let newest = try newest() else { return nil }
    return try checkpoint(newest, cosignatures: cosignatures, covering: position)
  }

  func checkpoint(_ newest: Newest, cosignatures: Int, covering position: Int64) throws -> SignedCheckpoint? {
    guard newest.size >= position else { return nil }
    if cosignatures == 0 { return try checkpoint(series: newest.series, at: newest.size) }
    let rows = try connection.execute(
      """
      SELECT position FROM daybook.cosignatures
      WHERE ledger_id = $1 AND series = $2 AND position >= $3
      GROUP BY position HAVING count(*) >= $4
      ORDER BY position DESC LIMIT 1
      """, [.text(ledger), .int64(Int64(newest.series)), .int64(position), .int64(Int64(cosignatures))])
    return rows.count == 1 ? try checkpoint(series: newest.series, at: rows.int64(0, 0)) : nil
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
}

// MARK: - Tiles

extension PublishedLog {
  /// The hashes of a tile; nil where the signed tree has no such tile.
  public func tile(level: Int, index: Int64, width: Int) throws -> [UInt8]? {
    let size = try newest()?.size ?? 0
    guard let whole = Tile(level: level, index: index, treeSize: size), width <= whole.width else { return nil }
    let tile = Tile(level: level, index: index, width: width)
    return try StoredTiles(connection, ledger: ledger, signedSize: size).hashes(of: [tile])[0]
  }

  /// The entries under a tile of level 0; nil where the signed tree has no such tile.
  public func entries(index: Int64, width: Int) throws -> [UInt8]? {
    let size = try newest()?.size ?? 0
    guard let whole = Tile(level: 0, index: index, treeSize: size), width <= whole.width else { return nil }
    let first = index * Int64(Tile.fullWidth)
    var entries: [[UInt8]] = []
    try EntryRows(connection, ledger: ledger).entries(after: first, upTo: first + Int64(width)) {
      entries.append(Array($0))
    }
    guard entries.count == width else {
      throw LogError(.corrupt, "position \(first + Int64(entries.count) + 1) of ledger \(ledger) is missing")
    }
    return EntryBundle.bytes(entries)
  }
}
