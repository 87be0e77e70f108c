import Integrity
import Log
import Postgres

extension LedgerDesk {
  /// The tree computed anew from all entries, to find out which of log and tiles is wrong.
  struct Audit {
    /// What is computed so far.
    var tree = GrowingTiles()
    /// The entry that differs from its tile; nil where the tiles are missing or give another root.
    var suspect: Int64?
    /// True once the log gave the signed root: then tiles are mended by it.
    var isProved = false
    let startedAt = ContinuousClock.now
  }

  /// Starts over; nothing is signed meanwhile.
  func startAudit(suspect: Int64? = nil) {
    mode = .auditing(Audit(suspect: suspect))
  }

  /// Goes on with an audit, a chunk at a time.
  func continueAudit(_ audit: Audit, _ connection: Connection, head: Int64) throws -> Bool {
    var audit = audit
    let goal = signedSize
    guard head >= goal else {
      try stop(.shrunk, at: head + 1, Self.shrunk(head, goal), connection, head: head)
      return false
    }
    let upTo = min(goal, audit.tree.size + Self.chunk)
    var full: [GrowingTiles.Full] = []
    let hashes = try auditedHashes(connection, after: audit.tree.size, upTo: upTo)
    for start in stride(from: 0, to: hashes.count, by: TreeHash.length) {
      audit.tree.append(leafHash: hashes[start..<start + TreeHash.length], full: &full)
    }
    guard audit.tree.size == upTo else {
      return try fail(audit, connection, head: head, missing: audit.tree.size + 1)
    }
    if audit.isProved, try TileRows(connection, ledger).mend(full) > 0 {
      report("\(ledger): tiles that differed from the log were mended")
    }
    mode = .auditing(audit)
    guard upTo == goal else { return true }
    if audit.isProved {
      // Opened again, the desk finds tiles and log in agreement.
      mode = .resting(until: .now)
      return true
    }
    guard audit.tree.root == signed?.checkpoint.root ?? TreeHash.emptyRoot else {
      return try fail(audit, connection, head: head, missing: nil)
    }
    mode = .auditing(Audit(suspect: audit.suspect, isProved: true))
    return true
  }

  /// Entries as they are, but for those whose change was accepted: these count as they were signed.
  private func auditedHashes(_ connection: Connection, after: Int64, upTo: Int64) throws -> [UInt8] {
    let reader = EntryRows(connection, ledger: ledger)
    var hashes = try reader.leaves(after: after, upTo: upTo)
    for position in accepted.sorted() where position > after && position <= upTo {
      let index = position - 1
      let tiles = TileRows(connection, ledger)
      guard let tile = try tiles.hashes(level: 0, index: index / Int64(Tile.fullWidth)) else { continue }
      let offset = Int(index % Int64(Tile.fullWidth)) * TreeHash.length
      let kept = tile[offset..<offset + TreeHash.length]
      let place = Int(index - after) * TreeHash.length
      if place < hashes.count { hashes.replaceSubrange(place..<place + TreeHash.length, with: kept) }
      if place == hashes.count { hashes += kept + (try reader.leaves(after: position, upTo: upTo)) }
    }
    return hashes
  }

  private func fail(_ audit: Audit, _ connection: Connection, head: Int64, missing: Int64?) throws -> Bool {
    auditTook = ContinuousClock.now - audit.startedAt
    if let suspect = audit.suspect {
      let what = missing == suspect ? "is missing" : "was changed after it was signed"
      try stop(.altered, at: suspect, "the entry at position \(suspect) \(what)", connection, head: head)
    } else {
      let what =
        missing.map { "position \($0) is missing" }
        ?? "the entries up to position \(signedSize) give another root than"
        + " was signed"
      try stop(.forked, at: missing ?? 0, what, connection, head: head)
    }
    return false
  }

  /// Ends open halts, as the log agrees with what was signed.
  func mended(_ connection: Connection) throws {
    let records = NotaryRecords(connection, ledger)
    guard try halt != nil || records.openHalt() != nil else { return }
    halt = nil
    try records.endHalts(isAccepted: false, reason: "the log agrees with what was signed", at: .now)
    report("\(ledger) goes on: the log agrees with what was signed")
  }
}

// MARK: - Patrol

extension LedgerDesk {
  /// Compares entries with their tiles, a few at a time, from the first to the last and again.
  func patrolIfDue(_ connection: Connection, head: Int64) throws {
    guard ContinuousClock.now >= patrolDue, halt == nil else { return }
    let count = signedSize / Int64(Tile.fullWidth)
    let last = min(count, patrolTile + Int64(Self.patrolTiles))
    while patrolTile < last {
      if let suspect = try differing(connection, tile: patrolTile) { return startAudit(suspect: suspect) }
      patrolTile += 1
    }
    if patrolTile >= count {
      patrolTile = 0
      patrolDue = .now + options.patrolPause
      _ = try window(connection, upTo: tree.size)
    } else {
      patrolDue = .now + .seconds(1)
    }
  }

  /// The first position of a full tile whose entry is not the one in the tile.
  func differing(_ connection: Connection, tile index: Int64) throws -> Int64? {
    let after = index * Int64(Tile.fullWidth)
    let kept = try TileRows(connection, ledger).hashes(level: 0, index: index) ?? []
    let read = try EntryRows(connection, ledger: ledger).leaves(after: after, upTo: after + Int64(Tile.fullWidth))
    for place in 0..<Tile.fullWidth {
      let position = after + Int64(place) + 1
      let range = place * TreeHash.length..<(place + 1) * TreeHash.length
      let isRead = range.upperBound <= read.count
      let isSame = isRead && range.upperBound <= kept.count && kept[range] == read[range]
      if isSame || accepted.contains(position) {
        // Behind an entry that is gone nothing was read.
        if !isSame, !isRead { return nil }
        continue
      }
      return position
    }
    return nil
  }
}
