import Integrity
import Log
import Postgres

/// The seals that writers kept of a ledger.
struct KeptSeals {
  /// Their roots, to be given by the log.
  private(set) var dues: [DueRoot] = []
  private var sealed: Set<Int64> = []
  /// Seals whose edge does not give their root.
  private var contradictory: [Int64] = []

  init(_ connection: Connection, ledger: String) throws {
    var (dues, sealed, contradictory) = ([DueRoot](), Set<Int64>(), [Int64]())
    try connection.stream(
      "SELECT position, root, edge FROM daybook.seals WHERE ledger_id = $1 ORDER BY position", [.text(ledger)],
      chunk: 1000
    ) { rows in
      for row in 0..<rows.count {
        let (position, root) = (rows.int64(row, 0), rows.bytes(row, 1))
        sealed.insert(position)
        dues.append(DueRoot(size: position, root: root, source: .seal))
        // Writers go on from the edge: one that does not give its root would stop them.
        if TreeEdge(size: position, encoded: rows.bytes(row, 2))?.root != root { contradictory.append(position) }
      }
      return true
    }
    (self.dues, self.sealed, self.contradictory) = (dues, sealed, contradictory)
  }

  /// The writer seals every interval in the transaction that fills it: a seal that is not there was taken away, and what
  /// it covered could have been changed together with its hashes.
  func check(behind start: Int64, last: Int64, _ combiner: LogCombiner) {
    for position in contradictory where position > start {
      combiner.find(
        .seal, position, "the edge kept for this position does not give the root kept beside it")
    }
    var position = (start / Seal.interval + 1) * Seal.interval
    var missing = 0
    // A forged position may be as large as an integer gets.
    while position <= last, missing < Verification.findingLimit {
      if !sealed.contains(position) {
        missing += 1
        combiner.find(
          .seal, position, "no root is kept for this position, though one is for every \(Seal.interval)th")
      }
      guard position <= Int64.max - Seal.interval else { return }
      position += Seal.interval
    }
  }
}
