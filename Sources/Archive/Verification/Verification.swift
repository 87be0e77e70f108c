import Crypto
import Domain
import Integrity
import Log
public import Postgres

/// Recomputes everything that binds a log from the values stored: payload hashes, entries, order, tree.
///
/// Values are read, not only hashes: a value changed behind an intact hash is found, as is a hash changed over an intact value.
public struct Verification {
  /// Findings kept; a log that is wrong everywhere need not be listed whole.
  public static let findingLimit = 100

  private let connection: Connection
  private let ledger: String
  private var report: VerificationReport
  private var edge = TreeEdge()
  private var previousRecordedAt: Timestamp?
  private var nextPosition: Int64 = 1
  private var seals: [Int64: [UInt8]] = [:]
  private var expectation: Expectation?
  private var lastGoodSeal: Int64 = 0
  private var rootIsWrong = false
  private var erasedPositions: Set<Int64> = []

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

  /// Verifies a whole ledger.
  ///
  /// - Parameters:
  ///   - expectation: A root to hold the log against.
  ///   - progress: Called now and then with events done and events in all.
  /// - Throws: `LogError.unknownLedger`, and what Postgres answers.
  public static func run(
    _ connection: Connection, ledger: String, expectation: Expectation? = nil,
    progress: (_ done: Int64, _ total: Int64) -> Void = { _, _ in }
  ) throws -> VerificationReport {
    var verification = Verification(connection, ledger: ledger)
    return try verification.run(expectation, progress)
  }

  private init(_ connection: Connection, ledger: String) {
    self.connection = connection
    self.ledger = ledger
    report = VerificationReport(ledger: ledger, events: 0, root: [], erased: 0, findings: [])
  }

  private mutating func run(
    _ expectation: Expectation?, _ progress: (Int64, Int64) -> Void
  ) throws -> VerificationReport {
    // One snapshot for all that is read, so that a busy log does not look torn.
    try connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    defer { _ = try? connection.execute("ROLLBACK") }
    let reader = LogReader(connection, ledger: ledger)
    let head = try reader.head()
    // Of a ledger that is misspelt nothing is wrong, and nothing verified.
    guard try head.position > 0 || LedgerRows.names(connection).contains(ledger) else {
      throw LogError(.unknownLedger, "no ledger \(ledger)")
    }
    try readSeals()
    self.expectation = expectation
    try readErasures()
    try reader.streamRows(LogFilter(), chunk: 1000) { rows in
      for row in rows { check(row.event, at: row.position) }
      progress(report.events, head.position)
      return true
    }
    checkSeals()
    checkTail()
    try checkSequences()
    try checkIdentities()
    report.root = edge.root
    report.findings.sort { ($0.position, $0.kind.rawValue) < ($1.position, $1.kind.rawValue) }
    return report
  }

  private mutating func find(_ kind: VerificationReport.Finding.Kind, _ position: Int64, _ detail: String) {
    guard report.findings.count < Self.findingLimit else { return }
    report.findings.append(.init(position: position, kind: kind, detail: detail))
  }
}

// MARK: - One event

extension Verification {
  private mutating func check(_ event: RecordedEvent?, at position: Int64) {
    report.events += 1
    if position != nextPosition {
      let last = position - 1
      find(.gap, nextPosition, nextPosition == last ? "the event is missing" : "events up to \(last) are missing")
    }
    nextPosition = position == .max ? position : position + 1
    // Where there is no entry, an empty one stands for it: the root then shows that something is wrong, too.
    let entry = event.flatMap(EventHash.checkedEntry)
    if let event {
      check(event)
      if entry == nil { find(.unreadable, position, "the entry is longer than \(EventHash.longestEntry) bytes") }
    } else {
      find(.unreadable, position, "the row lacks what every event has, or its actor is of no kind that there is")
    }
    edge.append(leafHash: EventHash.leaf(entry: entry ?? []))
    checkRoot(at: position)
  }

  private mutating func check(_ event: RecordedEvent) {
    if let previousRecordedAt, event.recordedAt < previousRecordedAt {
      find(.recordedTime, event.position, "recorded before the event in front of it")
    }
    previousRecordedAt = event.recordedAt
    checkPayload(event)
    checkPersonal(event)
  }

  private mutating func checkPayload(_ event: RecordedEvent) {
    do {
      let data = try JSONDocument(event.data).root.canonical
      let derived = try event.derived.map { try JSONDocument($0).root.canonical }
      let hash = EventHash.payload(data: data, derived: derived, personalHash: event.personalHash)
      if hash != event.payloadHash {
        find(.payload, event.position, "data, derived or personalhash do not give the payload hash")
      }
    } catch {
      find(.unreadable, event.position, "data or derived is no JSON that the ledger takes")
    }
  }

  private mutating func checkPersonal(_ event: RecordedEvent) {
    guard let expected = event.personalHash else {
      if event.personal != nil || event.salt != nil {
        find(.personal, event.position, "there is a personal part that no hash covers")
      }
      return
    }
    guard let personal = event.personal, let salt = event.salt else {
      if erasedPositions.contains(event.position) {
        report.erased += 1
      } else {
        find(.personalMissing, event.position, "the personal part is gone and no erasure names the event")
      }
      return
    }
    guard let canonical = try? JSONDocument(personal).root.canonical,
      EventHash.personal(salt: salt, personal: canonical) == expected
    else { return find(.personal, event.position, "the personal part does not give its hash") }
  }

  private mutating func checkRoot(at position: Int64) {
    let expected = expectation?.position == position ? expectation?.root : nil
    guard !rootIsWrong, seals[position] != nil || expected != nil else { return }
    let root = edge.root
    if seals[position] ?? root == root && expected ?? root == root {
      lastGoodSeal = position
    } else {
      rootIsWrong = true
      find(
        .root, lastGoodSeal + 1,
        "the entries from \(lastGoodSeal + 1) to \(position) do not give the root kept for position \(position)")
    }
  }
}

// MARK: - The whole

extension Verification {
  private mutating func readSeals() throws {
    try connection.stream(
      "SELECT position, root, edge FROM daybook.seals WHERE ledger_id = $1 ORDER BY position", [.text(ledger)],
      chunk: 1000
    ) { rows in
      for row in 0..<rows.count {
        let (position, root) = (rows.int64(row, 0), rows.bytes(row, 1))
        seals[position] = root
        // Writers go on from the edge: one that does not give its root would stop them.
        if TreeEdge(size: position, encoded: rows.bytes(row, 2))?.root != root {
          find(.seal, position, "the edge kept for this position does not give the root kept beside it")
        }
      }
      return true
    }
  }

  private mutating func readErasures() throws {
    let rows = try connection.execute(
      """
      SELECT DISTINCT p.position::bigint
      FROM daybook.events e, jsonb_array_elements_text(e.data -> 'positions') p(position)
      WHERE e.ledger_id = $1 AND e.type = 'payload.erased'
      """, [.text(ledger)])
    for row in 0..<rows.count { erasedPositions.insert(rows.int64(row, 0)) }
  }

  /// The writer seals every interval in the transaction that fills it: a seal that is not there was taken away, and what
  /// it covered could have been changed together with its hashes.
  private mutating func checkSeals() {
    for position in stride(from: Seal.interval, to: nextPosition, by: Int(Seal.interval)) where seals[position] == nil
    {
      // A forged position may be as large as an integer gets.
      if report.findings.count >= Self.findingLimit { return }
      find(.seal, position, "no root is kept for this position, though one is for every \(Seal.interval)th")
    }
  }

  private mutating func checkTail() {
    guard let last = (seals.keys + [expectation?.position ?? 0]).max(), last >= nextPosition else { return }
    find(.tail, nextPosition, "the log ends at \(nextPosition - 1), but a root is kept for position \(last)")
  }

  private mutating func checkSequences() throws {
    let rows = try connection.execute(
      """
      SELECT min(c.position)
      FROM (
        SELECT subject, position, sequence, row_number() OVER (PARTITION BY subject ORDER BY position) AS expected
        FROM daybook.events
        WHERE ledger_id = $1
      ) c
      WHERE c.sequence <> c.expected
      GROUP BY c.subject
      ORDER BY 1 LIMIT \(Self.findingLimit)
      """, [.text(ledger)])
    for row in 0..<rows.count {
      find(
        .sequence, rows.int64(row, 0), "the sequence of the event's subject has gaps, repetitions or another order")
    }
  }

  private mutating func checkIdentities() throws {
    let rows = try connection.execute(
      """
      SELECT max(position)
      FROM daybook.events
      WHERE ledger_id = $1
      GROUP BY id, source
      HAVING count(*) > 1
      ORDER BY 1 LIMIT \(Self.findingLimit)
      """, [.text(ledger)])
    for row in 0..<rows.count { find(.identity, rows.int64(row, 0), "the id and source stand twice") }
  }
}
