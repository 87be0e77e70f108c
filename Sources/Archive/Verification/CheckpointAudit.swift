import Glibc
import Integrity
import Notary
import Postgres

/// Holds the checkpoints of the table, those of the file outside the database and the auditor's own against each other, and
/// their signatures against the log's key; their roots are then due from the log.
struct CheckpointAudit {
  let ledger: String
  let options: VerificationOptions
  var keys = LogKeys()
  private(set) var keyFrom: String?
  private(set) var filed: [KeptCheckpoint] = []
  private(set) var stored: [KeptCheckpoint] = []
  private(set) var own: [Checkpoint] = []
  private(set) var origins: [Int: (origin: String, reason: String)] = [:]
  private(set) var signedBy: [String] = []
  var problems: [Problem] = []

  /// Something wrong that many may share: the first is named, the others are counted.
  struct Problem {
    enum Kind: Hashable {
      case lineUnreadable, fileUnordered, fileHeadless, fileMissing, rowUnreadable
      case fileUnsigned, tableUnsigned, ownUnsigned, ownForeign
      case notInFile, notInTable, different
    }
    var kind: Kind
    var first: Int64
    var count = 1
  }

  private static let batch = 4096

  init(ledger: String, options: VerificationOptions) {
    self.ledger = ledger
    self.options = options
    for key in options.keys { keys.add(key) }
    if !keys.publicKeys.isEmpty { keyFrom = "given" }
  }

  mutating func note(_ kind: Problem.Kind, _ position: Int64) {
    if let place = problems.firstIndex(where: { $0.kind == kind }) {
      problems[place].count += 1
    } else {
      problems.append(Problem(kind: kind, first: position))
    }
  }

  private mutating func noteSigner(_ name: String) {
    if !signedBy.contains(name) { signedBy.append(name) }
  }

  /// Reads the file, if it is known.
  mutating func readFile() throws {
    guard let path = options.checkpointFile, access(path, F_OK) == 0 else { return }
    var waiting: [KeptCheckpoint.Candidate] = []
    var isFirst = true
    try CheckpointFile.read(path) { number, line in
      switch line {
      case .series(let series):
        // What it names counts only where the auditor gave no key.
        if keyFrom != "given", let key = try? VerifierKey(parsing: series.verifierKey) {
          keys.add(key)
          keyFrom = "file"
        }
        origins[series.number] = (series.origin, series.reason)
      case .checkpoint(let read):
        if isFirst { note(.fileHeadless, 0) }
        waiting.append(.init(series: read.series, checkpoint: read.checkpoint, note: read.note))
        if waiting.count == Self.batch { takeFiled(&waiting) }
      case .unreadable: note(.lineUnreadable, Int64(number))
      }
      isFirst = false
    }
    takeFiled(&waiting)
  }

  private mutating func takeFiled(_ waiting: inout [KeptCheckpoint.Candidate]) {
    for candidate in waiting where origins[candidate.series] == nil {
      origins[candidate.series] = (candidate.checkpoint.origin, "")
    }
    for kept in KeptCheckpoint.check(waiting, by: keys) {
      if let last = filed.last, last.place >= kept.place { note(.fileUnordered, kept.size) }
      if !kept.isSigned { note(.fileUnsigned, kept.size) }
      filed.append(kept)
    }
    waiting.removeAll(keepingCapacity: true)
  }

  /// Reads the table in the caller's snapshot, then compares.
  mutating func readTable(_ connection: Connection) throws {
    let series = try connection.execute(
      """
      SELECT series, origin, verifier_key, reason FROM daybook.checkpoint_series
      WHERE ledger_id = $1 ORDER BY series
      """, [.text(ledger)])
    for row in 0..<series.count where !(0...3).contains(where: { series.isNull(row, $0) }) {
      let number = Int(series.int64(row, 0))
      if origins[number] == nil { origins[number] = (series.string(row, 1), series.string(row, 3)) }
      // The database's own word, where there is no other.
      if keyFrom == nil || keyFrom == "database", let key = try? VerifierKey(parsing: series.string(row, 2)) {
        keys.add(key)
        keyFrom = "database"
      }
    }
    try readRows(connection)
    filed.sort { $0.place < $1.place }
    for kept in stored + filed where kept.isSigned {
      if let origin = origins[kept.series]?.origin { noteSigner(origin) }
    }
    compare()
    checkOwn()
  }

  private mutating func readRows(_ connection: Connection) throws {
    var known: [UInt64: Bool] = [:]
    for kept in filed where kept.isSigned { known[kept.print] = true }
    var audit = self
    try connection.stream(
      """
      SELECT series, position, root, note FROM daybook.checkpoints WHERE ledger_id = $1 ORDER BY series, position
      """, [.text(ledger)], chunk: Self.batch
    ) { rows in
      var read: [KeptCheckpoint.Candidate] = []
      for row in 0..<rows.count {
        let position = rows.optionalInt64(row, 1) ?? 0
        guard !(0...3).contains(where: { rows.isNull(row, $0) }),
          let note = try? SignedNote(parsing: rows.bytes(row, 3)),
          let checkpoint = try? Checkpoint(text: note.text), checkpoint.size == position,
          checkpoint.root == rows.bytes(row, 2)
        else {
          audit.note(.rowUnreadable, position)
          continue
        }
        var candidate = KeptCheckpoint.Candidate(
          series: Int(rows.int64(row, 0)), checkpoint: checkpoint, note: note)
        candidate.isKnown = known[candidate.print] == true
        read.append(candidate)
      }
      for kept in KeptCheckpoint.check(read, by: audit.keys) {
        if !kept.isSigned { audit.note(.tableUnsigned, kept.size) }
        audit.stored.append(kept)
      }
      return true
    }
    self = audit
  }

  private mutating func checkOwn() {
    for note in options.checkpoints {
      guard let checkpoint = try? Checkpoint(text: note.text) else { continue }
      let isOfThisLog =
        origins.isEmpty || origins.values.contains { $0.origin.utf8.elementsEqual(checkpoint.origin.utf8) }
      guard isOfThisLog else {
        self.note(.ownForeign, checkpoint.size)
        continue
      }
      own.append(checkpoint)
      let witnesses = options.keys.filter { $0.kind == .cosignature }
      do {
        for key in try note.verified(by: keys.keys(of: checkpoint) + witnesses) { noteSigner(key.name) }
      } catch { self.note(.ownUnsigned, checkpoint.size) }
    }
  }
}
