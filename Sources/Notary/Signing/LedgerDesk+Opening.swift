import Domain
import Integrity
import Postgres

extension LedgerDesk {
  /// Opens the desk of a ledger whose lock is held: finds out what was signed last, from file and table, and compares it with
  /// the log. Where they do not agree the desk is there, and halted.
  ///
  /// - Throws: ``NotaryError``, what Postgres answers.
  static func open(
    _ connection: Connection, ledger: String, head: Int64, options: NotaryOptions, key: NotaryKey,
    report: @escaping @Sendable (String) -> Void
  ) throws -> LedgerDesk {
    let records = NotaryRecords(connection, ledger)
    let file = try CheckpointFile.open(CheckpointFile.path(folder: options.checkpointFolder, ledger: ledger))
    let kept = try file.last()
    let known = try records.lastSeries()
    let series = try fileSeries(kept, key, known) ?? known ?? firstSeries(ledger, options, key)
    let desk = LedgerDesk(ledger: ledger, options: options, key: key, file: file, series: series, report: report)
    desk.accepted = try records.acceptedPositions()
    let verifier = key.verifier(name: series.origin)
    guard let verifier, verifier.text == series.verifierKey else {
      try desk.stop(.key, at: 0, "the key here is not the one that signed before", connection, head: head)
      return desk
    }
    desk.signer = key.signer(name: series.origin)
    guard kept.isSound, kept.checkpoint?.isSigned(by: verifier) ?? true else {
      try desk.stop(.record, at: 0, "the file of checkpoints was changed", connection, head: head)
      return desk
    }
    let row = try records.lastCheckpoint(series: series.number)
    // A series that the file begins was accepted here, signed in or not.
    let unfiled = kept.series?.number == known?.number ? nil : known
    guard try desk.settle(kept.checkpoint, row, verifier, unfiled, connection, head: head) else { return desk }
    guard try desk.compare(connection, head: head) else { return desk }
    try desk.keepUp(kept, row?.checkpoint, known, connection)
    try desk.endMended(connection)
    return desk
  }

  /// What the file says of its last series. The line that starts it may stand far in front of its end, but each checkpoint
  /// names origin and series, and was signed by the key or not.
  private static func fileSeries(
    _ kept: (series: CheckpointSeries?, checkpoint: SignedCheckpoint?, isSound: Bool), _ key: NotaryKey,
    _ known: CheckpointSeries?
  ) -> CheckpointSeries? {
    if let series = kept.series { return series }
    guard let last = kept.checkpoint else { return nil }
    if let known, known.number == last.series, known.origin == last.checkpoint.origin { return known }
    return CheckpointSeries(
      number: last.series, origin: last.checkpoint.origin,
      verifierKey: key.verifier(name: last.checkpoint.origin)?.text ?? "",
      reason: "read from the file of checkpoints",
      startedAt: last.signedAt)
  }

  private static func firstSeries(
    _ ledger: String, _ options: NotaryOptions, _ key: NotaryKey
  ) throws(NotaryError) -> CheckpointSeries {
    let origin = "\(options.name ?? key.usualName)/\(ledger)"
    guard let verifier = key.verifier(name: origin) else {
      throw NotaryError(.keyUnusable, "a log's name has no spaces and no +")
    }
    return CheckpointSeries(
      number: 1, origin: origin, verifierKey: verifier.text, reason: "the ledger's first checkpoint",
      startedAt: .now)
  }

  /// Which checkpoint was the last: the further one of file and table, both of which must be signed by the key and agree.
  private func settle(
    _ filed: SignedCheckpoint?, _ row: (position: Int64, checkpoint: SignedCheckpoint?)?, _ verifier: VerifierKey,
    _ known: CheckpointSeries?, _ connection: Connection, head: Int64
  ) throws -> Bool {
    signed = filed
    // Rows of another series than the table's last are those of a table that was changed or is older than the file.
    guard let row else {
      // A series that only the database knows counts where the key signed something in it: rows alone anybody can write.
      if filed == nil, let known, known.number > 1 {
        try stop(.record, at: 0, "the table has a series that nothing was signed in", connection, head: head)
        return false
      }
      return true
    }
    guard let checkpoint = row.checkpoint, checkpoint.isSigned(by: verifier) else {
      try stop(
        .record, at: row.position, "the table's checkpoint at position \(row.position) was changed or forged",
        connection, head: head)
      return false
    }
    if let filed, filed.checkpoint.size == checkpoint.checkpoint.size,
      !filed.checkpoint.agrees(with: checkpoint.checkpoint)
    {
      try stop(
        .record, at: row.position, "file and table have different checkpoints at position \(row.position)",
        connection, head: head)
      return false
    }
    if checkpoint.checkpoint.size > signedSize { signed = checkpoint }
    return true
  }

  /// Is the log a continuation of what was signed last? The tree is picked up from its tiles; where they do not give the
  /// signed root, all entries are read.
  private func compare(_ connection: Connection, head: Int64) throws -> Bool {
    guard let signed else { return true }
    guard head >= signedSize else {
      try stop(.shrunk, at: head + 1, Self.shrunk(head, signedSize), connection, head: head)
      return false
    }
    let edge = try TileRows(connection, ledger).edge(size: signedSize)
    if let edge, edge.root == signed.checkpoint.root {
      tree = edge
      return true
    }
    let what = edge == nil ? "lacks tiles of the tree that was signed" : "does not give the root that was signed"
    try stop(.forked, at: 0, "the log up to position \(signedSize) \(what)", connection, head: head)
    // Perhaps only tiles are wrong.
    startAudit()
    return false
  }

  /// Brings file and table to the same end.
  private func keepUp(
    _ kept: (series: CheckpointSeries?, checkpoint: SignedCheckpoint?, isSound: Bool), _ row: SignedCheckpoint?,
    _ known: CheckpointSeries?, _ connection: Connection
  ) throws {
    let records = NotaryRecords(connection, ledger)
    if kept.series == nil && kept.checkpoint == nil { try file.append(series.json) }
    if known?.number ?? 0 < series.number { try records.insert(series) }
    guard let signed else { return }
    if kept.checkpoint?.checkpoint.size != signedSize { try file.append(signed.json) }
    if row?.checkpoint.size != signedSize { try records.insert(signed) }
  }

  /// Ends halts that were left open, unless what they found is still so.
  private func endMended(_ connection: Connection) throws {
    guard let open = try NotaryRecords(connection, ledger).openHalt() else { return }
    if open.kind == .altered, !accepted.contains(open.position) {
      let isFull = open.position <= signedSize / Int64(Tile.fullWidth) * Int64(Tile.fullWidth)
      if isFull, try differing(connection, tile: (open.position - 1) / Int64(Tile.fullWidth)) != nil {
        halt = open
        mode = .resting(until: .now + options.recheck)
        return
      }
    }
    try mended(connection)
  }

  /// A person's word that the ledger shall go on as it is.
  ///
  /// An altered entry stays a finding of every verification, and the tree goes on as it was signed. Else the log goes on under a new
  /// name: under the old one it would contradict itself.
  func accept(_ word: AcceptanceFile, _ halt: Halt, _ connection: Connection) throws {
    let records = NotaryRecords(connection, ledger)
    if halt.kind != .altered {
      let number = series.number + 1
      let base = series.number == 1 ? series.origin : String(series.origin.prefix { $0 != "#" })
      let origin = "\(base)#\(number)"
      guard let verifier = key.verifier(name: origin) else { preconditionFailure("a name with a number is a name") }
      series = CheckpointSeries(
        number: number, origin: origin, verifierKey: verifier.text, reason: word.reason, startedAt: .now)
      signer = key.signer(name: origin)
      try file.append(series.json)
      try records.insert(series)
      (signed, tree, patrolTile) = (nil, GrowingTiles(), 0)
      mode = .signing
    } else {
      mode = .resting(until: .now)
    }
    try records.endHalts(isAccepted: true, reason: word.reason, at: .now)
    accepted = try records.acceptedPositions()
    self.halt = nil
    report("\(ledger) goes on by a person's word, as \(series.origin): \(word.reason)")
  }
}
