import Domain
import Exports
import Integrity

/// Puts together, in the order of the log, what workers found in its ranges: positions, times, sequences, identities, tree.
///
/// Not `Sendable`: one worker at a time has it.
final class LogCombiner {
  private(set) var report: VerificationReport
  private(set) var edge: TreeEdge
  private var erasures: ErasureTally
  private var next: Int64
  private var previousRecordedAt = Int64.min
  private var sequences: FingerprintTable
  private var identities: FingerprintSet
  /// Whether subjects begin here: behind a start in the middle their first events are not known.
  private let isFromTheBeginning: Bool

  /// Sorted by size.
  private let dues: [DueRoot]
  private var due = 0
  /// The checkpoints of series up to here were given up by a person's word.
  private let supersededSeries: Int
  private var wrongSources: Set<DueRoot.Source> = []
  private var lastGoodRoot: Int64

  /// Positions at which a sequence or an identity seems wrong: to be looked up, as fingerprints can be those of others.
  private(set) var doubtfulSequences: [Int64] = []
  private(set) var doubtfulIdentities: [Int64] = []
  private var doubtfulSubjects: Set<UInt64> = []
  /// Checkpoints of superseded series that the log does not give, by series.
  private(set) var givenUp: [Int: Int] = [:]

  /// Begins behind a proven edge, the empty one for the whole log.
  init(
    ledger: String, behind edge: TreeEdge, dues: [DueRoot], superseded: Int, erasures: ErasureTally, events: Int64
  ) {
    report = VerificationReport(ledger: ledger)
    self.edge = edge
    self.dues = dues.filter { $0.size > edge.size }.sorted { $0.size < $1.size }
    self.erasures = erasures
    supersededSeries = superseded
    next = edge.size + 1
    lastGoodRoot = edge.size
    isFromTheBeginning = edge.size == 0
    sequences = FingerprintTable(expecting: events)
    identities = FingerprintSet(expecting: events)
  }

  /// Takes the next range.
  func take(_ chunk: CheckedChunk) {
    for finding in chunk.findings { report.find(finding.kind, finding.position, finding.detail) }
    for position in chunk.absent where erasures.noteErased(position) { report.erased += 1 }
    report.costs += chunk.costs
    takeLeaves(of: chunk)
    for event in chunk.events { takeOrder(event) }
    // Apart from one another: the processor then fetches the places of many events at a time.
    sequences.replace(chunk.events) { event, before in followSubject(event, before) }
    identities.insert(chunk.events) { event in
      if doubtfulIdentities.count < Verification.findingLimit { doubtfulIdentities.append(event.position) }
    }
    report.events += Int64(chunk.events.count)
  }

  /// Appends to the tree, up to each root that is due.
  private func takeLeaves(of chunk: CheckedChunk) {
    chunk.leaves.withUnsafeBytes { leaves in
      var taken = 0
      func append(upTo count: Int) {
        let (from, to) = (taken * TreeHash.length, count * TreeHash.length)
        edge.append(leafHashes: UnsafeRawBufferPointer(rebasing: leaves[from..<to]))
        taken = count
      }
      for (index, event) in chunk.events.enumerated() where due < dues.count && dues[due].size <= event.position {
        append(upTo: index + 1)
        compareRoots(at: event.position)
      }
      append(upTo: chunk.events.count)
    }
  }

  private func takeOrder(_ event: CheckedChunk.Event) {
    let position = event.position
    if position < next {
      report.find(.gap, position, "the position stands twice")
    } else if position > next {
      let last = position - 1
      report.find(.gap, next, next == last ? "the event is missing" : "events up to \(last) are missing")
    }
    next = position == .max ? position : position + 1
    // Of a row that cannot be read nothing more is known.
    guard event.subject != 0 else { return }
    if event.recordedAt < previousRecordedAt {
      report.find(.recordedTime, position, "recorded before the event in front of it")
    }
    previousRecordedAt = event.recordedAt
  }

  private func followSubject(_ event: CheckedChunk.Event, _ before: UInt32) {
    let before = Int64(before)
    let isFirstKnown = before == 0 && !isFromTheBeginning
    if !isFirstKnown, event.sequence != before + 1, doubtfulSubjects.insert(event.subject).inserted {
      if doubtfulSequences.count < Verification.findingLimit { doubtfulSequences.append(event.position) }
    }
  }

  private func compareRoots(at position: Int64) {
    let root = edge.root
    while due < dues.count, dues[due].size <= position {
      let expected = dues[due]
      due += 1
      if expected.size == position, expected.root == root {
        lastGoodRoot = max(lastGoodRoot, position)
      } else if let series = expected.series, series <= supersededSeries {
        givenUp[series, default: 0] += 1
      } else if wrongSources.insert(expected.source).inserted {
        report.find(
          expected.kind, lastGoodRoot + 1,
          "the entries from \(lastGoodRoot + 1) to \(expected.size) do not give \(expected.name)")
      }
    }
  }

  /// Settles what only the whole can tell; the last position.
  func finish() -> Int64 {
    let last = next - 1
    var furthest: [DueRoot.Source: DueRoot] = [:]
    for expected in dues[due...] {
      if let series = expected.series, series <= supersededSeries {
        givenUp[series, default: 0] += 1
      } else {
        furthest[expected.source] = expected
      }
    }
    for expected in furthest.values.sorted(by: { ($0.size, $0.name) < ($1.size, $1.name) }) {
      let what =
        switch expected.source {
        case .seal, .given: "a root is kept for position \(expected.size)"
        case .table: "a checkpoint of \(Count(expected.size, "event")) was signed"
        case .file:
          "a checkpoint of \(Count(expected.size, "event")) was signed, as the file outside the database says"
        case .own: "the checkpoint that was given is of \(Count(expected.size, "event"))"
        }
      report.find(.tail, last + 1, "the log ends at \(last), but \(what)")
    }
    report.last = last
    report.root = edge.root
    report.erasures = erasures
    return last
  }

  /// Adds what was looked up or found apart from the log's rows.
  func find(_ kind: VerificationReport.Finding.Kind, _ position: Int64, _ detail: String) {
    report.find(kind, position, detail)
  }
}
