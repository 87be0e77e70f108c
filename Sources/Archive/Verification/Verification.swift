import Exports
import Integrity
import Log
public import Postgres

/// Recomputes everything that binds a log from the values stored: payload hashes, entries, order, tree, costs.
///
/// Values are read, not only hashes: a value changed behind an intact hash is found, as is a hash changed over an intact value.
/// Memory grows by about 50 bytes an event, for the sequences of subjects and the identities.
public struct Verification {
  /// Findings of a kind that are kept; a log that is wrong everywhere need not be listed whole.
  public static let findingLimit = 100

  let connection: Connection
  let ledger: String
  let options: VerificationOptions
  let expectation: Expectation?

  /// A root that the caller holds from elsewhere: an append's answer, a published checkpoint.
  public struct Expectation: Sendable {
    /// Number of events that the root covers.
    public var position: Int64
    /// RFC 6962 root.
    public var root: [UInt8]
    /// Makes an expectation.
    public init(position: Int64, root: [UInt8]) {
      self.position = position
      self.root = root
    }
  }

  /// Verifies a ledger: all of it, or what is behind a proven point.
  ///
  /// - Parameters:
  ///   - connection: Its role must see the whole log; `daybook_auditor` does.
  ///   - expectation: A root to hold the log against.
  ///   - options: Checkpoints, keys, where to begin, and how many read at a time.
  ///   - progress: Called now and then, from any thread, with events done and events in all.
  /// - Throws: `LogError` `unknownLedger`, `corrupt` where the tables are not the schema's; `ArchiveError` `refused` where
  ///   there is nothing to begin at; what Postgres answers, what reading the file of checkpoints does.
  public static func run(
    _ connection: Connection, ledger: String, expectation: Expectation? = nil, options: VerificationOptions = .init(),
    progress: @escaping @Sendable (_ done: Int64, _ total: Int64) -> Void = { _, _ in }
  ) throws -> VerificationReport {
    let verification = Verification(
      connection: connection, ledger: ledger, options: options, expectation: expectation)
    return try verification.run(progress)
  }

  private func run(_ progress: @escaping @Sendable (Int64, Int64) -> Void) throws -> VerificationReport {
    // The file first: what is in it when the snapshot is taken is in the snapshot, too.
    var checkpoints = CheckpointAudit(ledger: ledger, options: options)
    try checkpoints.readFile()
    // One snapshot for all that is read, so that a busy log does not look torn.
    try connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    defer { _ = try? connection.execute("ROLLBACK") }
    let head = try LogReader(connection, ledger: ledger).head().position
    // Of a ledger that is misspelt nothing is wrong, and nothing verified.
    guard try head > 0 || LedgerRows.names(connection).contains(ledger) else {
      throw LogError(.unknownLedger, "no ledger \(ledger)")
    }
    let seals = try KeptSeals(connection, ledger: ledger)
    let erasures = try readErasures()
    try checkpoints.readTable(connection)
    let start = try StartingPoint.find(self, checkpoints)
    var dues = checkpoints.dues + seals.dues
    if let expectation { dues.append(.init(size: expectation.position, root: expectation.root, source: .given)) }
    if let missed = start.missed { dues.append(missed) }
    let combiner = LogCombiner(
      ledger: ledger, behind: start.edge, dues: dues, superseded: checkpoints.superseded, erasures: erasures,
      events: head - start.edge.size)
    if !start.isWhole, let known = expectation, known.position < start.edge.size {
      throw ArchiveError(
        .refused, "position \(known.position) lies in front of \(start.edge.size), where this begins")
    }
    try read(combiner, erasures, after: start.edge.size, head: head, progress)
    let last = combiner.finish()
    seals.check(behind: start.edge.size, last: last, combiner)
    try lookUp(combiner, behind: start.edge.size)
    return report(combiner, checkpoints, start)
  }

  private func report(
    _ combiner: LogCombiner, _ checkpoints: CheckpointAudit, _ start: StartingPoint
  ) -> VerificationReport {
    var report = combiner.report
    report.start = start.told
    report.checkpoints = checkpoints.summary
    for finding in checkpoints.findings(behind: start.edge.size) {
      report.find(finding.kind, finding.position, finding.detail)
    }
    report.notices = start.notices + checkpoints.notices(givenUp: combiner.givenUp)
    report.sort()
    return report
  }

  private func readErasures() throws -> ErasureTally {
    var tally = ErasureTally()
    let rows = try connection.execute(
      """
      SELECT position, actor, data, derived FROM daybook.events
      WHERE ledger_id = $1 AND type = 'payload.erased' ORDER BY position
      """, [.text(ledger)], isPrepared: false)
    for row in 0..<rows.count where !rows.isNull(row, 1) {
      tally.add(
        Erasure(
          position: rows.int64(row, 0), actor: rows.string(row, 1), data: rows.optionalValue(row, 2),
          derived: rows.optionalValue(row, 3)))
    }
    return tally
  }

  /// Reads and checks all ranges in the caller's snapshot.
  private func read(
    _ combiner: LogCombiner, _ erasures: ErasureTally, after: Int64, head: Int64,
    _ progress: @escaping @Sendable (Int64, Int64) -> Void
  ) throws {
    let prices = PinnedPrices()
    try options.reading.read(
      connection, ledger: ledger, after: after, upTo: head,
      by: { [ledger] connection in
        let check = try RowCheck(connection, ledger: ledger, erasures: erasures, prices: prices)
        return { range in
          let chunk = try check.check(range)
          return chunk.events.isEmpty ? nil : chunk
        }
      }
    ) { chunk in
      combiner.take(chunk)
      progress(combiner.report.events, head)
    }
  }
}
