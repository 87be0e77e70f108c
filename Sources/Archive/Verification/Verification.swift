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
    try readSeals()
    if let expectation { seals[expectation.position] = expectation.root }
    try readErasures()
    try reader.stream(LogFilter(), chunk: 1000) { events in
      for event in events { check(event) }
      progress(report.events, head.position)
      return true
    }
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
  private mutating func check(_ event: RecordedEvent) {
    report.events += 1
    if event.position != nextPosition {
      let last = event.position - 1
      find(.gap, nextPosition, nextPosition == last ? "the event is missing" : "events up to \(last) are missing")
    }
    nextPosition = event.position + 1
    if let previousRecordedAt, event.recordedAt < previousRecordedAt {
      find(.recordedTime, event.position, "recorded before the event in front of it")
    }
    previousRecordedAt = event.recordedAt
    checkPayload(event)
    checkPersonal(event)
    edge.append(leafHash: EventHash.leaf(entry: EventHash.entry(event)))
    checkRoot(at: event.position)
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
    guard let expected = event.personalHash else { return }
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
    guard !rootIsWrong, let sealed = seals[position] else { return }
    if edge.root == sealed {
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
      "SELECT position, root FROM daybook.seals WHERE ledger_id = $1 ORDER BY position", [.text(ledger)], chunk: 1000
    ) { rows in
      for row in 0..<rows.count { seals[rows.int64(row, 0)] = rows.bytes(row, 1) }
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

  private mutating func checkTail() {
    guard let last = seals.keys.max(), last >= nextPosition else { return }
    find(.tail, nextPosition, "the log ends at \(nextPosition - 1), but a root is kept for position \(last)")
  }

  private mutating func checkSequences() throws {
    let rows = try connection.execute(
      """
      SELECT min(position)
      FROM daybook.events
      WHERE ledger_id = $1
      GROUP BY subject
      HAVING min(sequence) <> 1 OR max(sequence) <> count(*) OR count(DISTINCT sequence) <> count(*)
      ORDER BY 1 LIMIT \(Self.findingLimit)
      """, [.text(ledger)])
    for row in 0..<rows.count {
      find(.sequence, rows.int64(row, 0), "the sequence of the event's subject has gaps or repetitions")
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
