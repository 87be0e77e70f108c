import Domain
import Foundation
import Integrity
import Log
import Postgres

/// The notary's work on one ledger, whose lock it holds: takes in new entries, signs, keeps tiles, and looks behind itself.
///
/// Confined to the runner. What the tree says is computed from the entries as they are stored; nothing is taken from a writer
/// but to be compared. A log that is no continuation of what was signed is never signed: the desk halts, loudly.
final class LedgerDesk {
  /// Entries read at once.
  static let chunk: Int64 = 8192
  /// Full tiles compared with their entries at once, a second apart: 2,048 entries, some milliseconds of work.
  static let patrolTiles = 8

  /// What the desk is at.
  enum Mode {
    /// Takes in entries and signs.
    case signing
    /// Computes the tree anew from all entries, as tiles and log do not agree.
    case auditing(Audit)
    /// Halted; looks again at this moment.
    case resting(until: ContinuousClock.Instant)
  }

  let ledger: String
  let options: NotaryOptions
  let key: NotaryKey
  let report: @Sendable (String) -> Void
  let file: CheckpointFile
  /// nil where the key does not fit the series.
  var signer: NoteSigner?
  var series: CheckpointSeries
  /// All entries taken in so far.
  var tree = GrowingTiles()
  /// The last checkpoint that was signed in the series.
  var signed: SignedCheckpoint?
  var signedAt: ContinuousClock.Instant?
  var halt: Halt?
  var mode = Mode.signing
  /// Positions whose change a person accepted.
  var accepted: Set<Int64> = []
  var patrolTile: Int64 = 0
  var patrolDue = ContinuousClock.now
  /// How long the last audit took: the next one waits in proportion.
  var auditTook = Duration.zero
  /// True where the desk is to be closed and opened again.
  private(set) var isStale = false

  init(
    ledger: String, options: NotaryOptions, key: NotaryKey, file: CheckpointFile, series: CheckpointSeries,
    report: @escaping @Sendable (String) -> Void
  ) {
    self.ledger = ledger
    self.options = options
    self.key = key
    self.file = file
    self.series = series
    self.report = report
  }

  /// The last position that was signed.
  var signedSize: Int64 { signed?.checkpoint.size ?? 0 }

  /// Does what is due.
  ///
  /// - Parameter head: the last position of the log, read over the same connection.
  /// - Returns: true where there is more to do at once.
  func step(_ connection: Connection, head: Int64) throws -> Bool {
    if let halt, let word = AcceptanceFile.take(folder: options.checkpointFolder, ledger: ledger) {
      try accept(word, halt, connection)
      return true
    }
    switch mode {
    case .resting(let until):
      isStale = ContinuousClock.now >= until
      return isStale
    case .auditing(let audit): return try continueAudit(audit, connection, head: head)
    case .signing:
      guard head >= max(tree.size, signedSize) else {
        try stop(.shrunk, at: head + 1, Self.shrunk(head, max(tree.size, signedSize)), connection, head: head)
        return false
      }
      let hasMore = try advance(connection, head: head)
      guard halt == nil else { return false }
      try signIfDue(connection)
      try patrolIfDue(connection, head: head)
      return hasMore
    }
  }

  static func shrunk(_ head: Int64, _ known: Int64) -> String {
    "the log ends at position \(head), but position \(known) was there before"
  }

  /// Takes in entries behind those that are known, after seeing that the last of these are what they were.
  private func advance(_ connection: Connection, head: Int64) throws -> Bool {
    let upTo = min(head, tree.size + Self.chunk)
    guard upTo > tree.size else { return false }
    let known = tree.size
    let hashes = try window(connection, upTo: upTo)
    guard let hashes else { return false }
    let seals = try NotaryRecords(connection, ledger).seals(known + 1...upTo)
    var full: [GrowingTiles.Full] = []
    for start in stride(from: hashes.startIndex, to: hashes.endIndex, by: TreeHash.length) {
      tree.append(leafHash: hashes[start..<start + TreeHash.length], full: &full)
      if let root = seals[tree.size], root != tree.root {
        try stop(
          .forked, at: known + 1, "the root that a writer kept for position \(tree.size) is not that of the entries",
          connection, head: head)
        return false
      }
    }
    guard tree.size == upTo else {
      try stop(
        .forked, at: tree.size + 1, "position \(tree.size + 1) is missing, though the log goes on behind it",
        connection,
        head: head)
      return false
    }
    let tiles = TileRows(connection, ledger)
    // A series behind the first one may find tiles of a history that was given up.
    if series.number == 1 { try tiles.insert(full) } else { _ = try tiles.mend(full) }
    return upTo < head
  }

  /// Reads the entries of the last partial tile again, which must be what they were; answers the hashes behind them.
  ///
  /// - Returns: nil where they are not; the desk is halted then.
  func window(_ connection: Connection, upTo: Int64) throws -> ArraySlice<UInt8>? {
    let known = tree.partials.first ?? []
    let count = known.count / TreeHash.length
    let first = tree.size - Int64(count)
    let hashes = try EntryRows(connection, ledger: ledger).leaves(after: first, upTo: upTo)
    for index in 0..<count {
      let range = index * TreeHash.length..<(index + 1) * TreeHash.length
      if range.upperBound <= hashes.count, hashes[range] == known[range] { continue }
      let position = first + Int64(index) + 1
      let head = try NotaryRecords(connection, ledger).head()
      if head < position {
        try stop(.shrunk, at: head + 1, Self.shrunk(head, tree.size), connection, head: head)
      } else {
        let what = range.upperBound <= hashes.count ? "is not what it was" : "is missing"
        try stop(.forked, at: position, "the entry at position \(position) \(what)", connection, head: head)
      }
      return nil
    }
    return hashes[known.count...]
  }

  private func signIfDue(_ connection: Connection) throws {
    guard tree.size > signedSize, let signer else { return }
    if let signedAt, ContinuousClock.now - signedAt < options.interval { return }
    let checkpoint = Checkpoint(origin: series.origin, size: tree.size, root: tree.root)
    let made = SignedCheckpoint(
      series: series.number, checkpoint: checkpoint, note: SignedNote(checkpoint.text, signers: [signer]),
      signedAt: .now)
    // The file first: what anybody has seen must be there, whatever becomes of the database.
    try file.append(made.json)
    signed = made
    signedAt = .now
    try NotaryRecords(connection, ledger).insert(made)
  }

  /// Refuses to go on, and says so: on the report, in the database, and by it in status, metrics and readiness.
  func stop(
    _ kind: Halt.Kind, at position: Int64, _ detail: String, _ connection: Connection, head: Int64
  ) throws {
    let records = NotaryRecords(connection, ledger)
    mode = .resting(until: .now + max(options.recheck, auditTook * 20))
    if let open = try records.openHalt(), open.kind == kind, open.position == position {
      halt = open
      return
    }
    halt = try records.insert(
      Halt(
        kind: kind, position: position, signedPosition: signedSize, logPosition: head, detail: detail, haltedAt: .now)
    )
    let appends = kind.stopsAppends ? "; appends are refused" : ""
    report(
      "\(ledger) HALTED (\(kind.rawValue)): \(detail). Nothing more is signed\(appends). See daybook notary --help")
  }
}

extension Timestamp {
  /// This machine's clock.
  static var now: Timestamp { Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000)) }
}
