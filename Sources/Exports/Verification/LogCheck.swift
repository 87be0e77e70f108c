import Domain
import Integrity

/// Recomputes what binds events that come in order: personal hashes, times, sequences, identities, erasures, the tree.
struct LogCheck {
  var report = ExportReport()
  /// The tree so far; nil from the first event on whose entry could not be had.
  private(set) var edge: TreeEdge?
  /// The position that should come next.
  private(set) var next: Int64
  private let isFromTheBeginning: Bool
  private var previousRecordedAt: Timestamp?
  private var sequences = FingerprintTable()
  private var identities = FingerprintTable()
  private var held = PositionSet()
  private var absent = PositionSet()
  private var erased = PositionSet()
  /// Roots from elsewhere, by tree size, each until the tree gets there.
  var expectations: [Int64: [Expectation]] = [:]

  /// A root that must come out.
  struct Expectation {
    var root: [UInt8]
    var kind: ExportReport.Finding.Kind
    var name: String
  }

  /// The last position at which a root came out as expected.
  private var lastGoodRoot: Int64

  /// Positions that the log's erasures name, once all events were read.
  var erasures: PositionSet { erased }

  /// Begins behind a tree; the empty one for a log from its beginning, nil where the tree before is not known.
  init(after start: TreeEdge?, first: Int64) {
    edge = start
    next = first
    lastGoodRoot = first - 1
    isFromTheBeginning = first == 1
  }

  /// Events up to here are not there or cannot be read: the tree ends before them.
  mutating func skip(to position: Int64) {
    next = position
    edge = nil
  }

  /// Checks the next event.
  ///
  /// - Parameter personalGiven: False where personal parts could not be read at all, which was found already.
  mutating func check(_ exported: ExportedEvent, personalGiven: Bool) {
    let event = exported.event
    if event.position != next {
      if event.position < next {
        report.find(.gap, event.position, "the position stands behind a later one, or twice")
        return
      }
      let last = event.position - 1
      report.find(.gap, next, next == last ? "the event is missing" : "events up to \(last) are missing")
      skip(to: event.position)
    }
    next = event.position + 1
    report.events += 1
    if let previousRecordedAt, event.recordedAt < previousRecordedAt {
      report.find(.recordedTime, event.position, "recorded before the event in front of it")
    }
    previousRecordedAt = event.recordedAt
    if let claimed = exported.claimedPayloadHash, claimed != event.payloadHash {
      report.find(.payload, event.position, "data, derived or personalhash do not give the payload hash")
    }
    checkPersonal(event, personalGiven)
    checkIdentity(event)
    noteErasures(event)
    edge?.append(leafHash: exported.leaf)
    if let edge { checkRoots(edge) }
  }

  private mutating func checkPersonal(_ event: RecordedEvent, _ personalGiven: Bool) {
    guard let expected = event.personalHash else {
      if event.personal != nil || event.salt != nil {
        report.find(.personal, event.position, "there is a personal part that no hash covers")
      }
      return
    }
    guard let personal = event.personal, let salt = event.salt else {
      if personalGiven { absent.insert(event.position) }
      return
    }
    held.insert(event.position)
    if EventHash.personal(salt: salt, personal: personal) != expected {
      report.find(.personal, event.position, "the personal part does not give its hash")
    }
  }

  private mutating func checkIdentity(_ event: RecordedEvent) {
    let subject = FingerprintTable.fingerprint(event.subject)
    let before = sequences.replace(subject, UInt32(clamping: event.sequence))
    // Behind a hole, and in an export from the middle, a subject's earlier events are not known.
    let isKnown = before > 0 || (isFromTheBeginning && edge != nil)
    let isNext = edge != nil ? event.sequence == Int64(before) + 1 : event.sequence > Int64(before)
    if isKnown && !isNext {
      report.find(
        .sequence, event.position, "the sequence of the event's subject has gaps, repetitions or another order")
    }
    if identities.replace(FingerprintTable.fingerprint(event.id, event.source), 1) != 0 {
      report.find(.identity, event.position, "the id and source stand twice")
    }
  }

  private mutating func noteErasures(_ event: RecordedEvent) {
    guard event.type == "payload.erased" else { return }
    let derived = event.derived.flatMap { try? JSON(parsing: $0) }
    let erasure = Erasure(
      position: event.position, actor: event.actor, data: try? JSON(parsing: event.data), derived: derived)
    for position in erasure.positions { erased.insert(position) }
    report.erasures.add(erasure)
  }

  private mutating func checkRoots(_ edge: TreeEdge) {
    guard let expected = expectations.removeValue(forKey: edge.size) else { return }
    let root = edge.root
    for expectation in expected {
      if root == expectation.root {
        lastGoodRoot = max(lastGoodRoot, edge.size)
        if expectation.kind == .checkpoint { report.checkpoints += 1 }
      } else {
        report.find(
          expectation.kind, lastGoodRoot + 1,
          "the entries from \(lastGoodRoot + 1) to \(edge.size) do not give \(expectation.name)")
      }
    }
  }

  /// Settles what only the whole can tell.
  mutating func finish() {
    let last = next - 1
    for (size, expected) in expectations.sorted(by: { $0.key < $1.key }) where size > last {
      for expectation in expected {
        report.find(.tail, next, "the export ends at \(last), but \(expectation.name) is of \(Count(size, "event"))")
      }
    }
    report.last = last
    report.root = edge?.root ?? []
    absent.forEach { position in
      if report.erasures.noteErased(position) {
        report.erased += 1
      } else {
        report.find(.personalMissing, position, "the personal part is not there and no erasure names the event")
      }
      return report.findings.count < ExportLimits.findings
    }
    erased.forEach { position in
      if held.contains(position) {
        report.find(.erasurePending, position, "the personal part is still there though the log says it was erased")
      }
      return report.findings.count < ExportLimits.findings
    }
    report.findings.sort { ($0.position, $0.kind.rawValue) < ($1.position, $1.kind.rawValue) }
  }
}
