import Control
import Crypto
public import Domain
import Log
public import Postgres

/// Decides again, from the log alone, everything that a ledger decided, and reports what the rules would not have written.
///
/// The state is folded from nothing, event by event; each decision is made again in the state just before it. So is
/// looked whether what fell due and what followed stands where it must. What the log says is folded in, right or wrong:
/// a forged event is found where it stands, and what was decided rightly after it stays right.
public struct DecisionAudit {
  /// Findings kept.
  public static let findingLimit = 100

  /// Types that change no state, and are decided all the same.
  private static let alsoSeen: Set<String> = ["route.denied", "rate.listed", "reconciliation.differed"]

  private let zones: (String) -> ReportingZone
  /// What each erasure named, by its id.
  private let erasures: [String: Erasable]
  private var report: DecisionAuditReport
  /// The recorded time of the event before.
  private var recordedAt: Timestamp?
  /// What the last decision must be followed by.
  private var effects: [Reenactment.Effect] = []
  /// What is booked of entries that were corrected; nil where the audit does not know the log from its start.
  private var booked: CorrectedEntries?
  /// Subjects that something is known to be missing about, so that it is said once.
  private var missing: Set<String> = []

  /// Audits a ledger.
  ///
  /// - Parameters:
  ///   - from: The first position whose decision is made again.
  ///   - to: The last one; nil: the head.
  ///   - fromSnapshot: Starts from the newest snapshot below `from`: quicker, and as true as the snapshot is.
  ///   - zones: The table of a reporting time zone by its IANA name.
  ///   - progress: Called now and then with positions done and positions in all.
  /// - Throws: `LogError.unknownLedger`, `LogError.beyondHead`, and what Postgres answers.
  public static func run(
    _ connection: Connection, ledger: String, from: Int64 = 1, to: Int64? = nil, fromSnapshot: Bool = false,
    zones: @escaping (String) -> ReportingZone, progress: (_ done: Int64, _ total: Int64) -> Void = { _, _ in }
  ) throws -> DecisionAuditReport {
    let head = try LogReader(connection, ledger: ledger).head().position
    let end = to ?? head
    guard end <= head else { throw LogError(.beyondHead, "the ledger has the positions 0 to \(head)") }
    let start = fromSnapshot ? max(from - 1, 0) : 0
    var state = try ControlFold.state(of: ledger, at: start, fromSnapshot: fromSnapshot, connection)
    var audit = DecisionAudit(
      zones: zones, erasures: try PendingErasures.recorded(connection, ledger: ledger, upTo: end),
      report: DecisionAuditReport(ledger: ledger, from: from, to: end),
      booked: start == 0 ? CorrectedEntries() : nil)
    do {
      try ControlFold.advance(&state, to: end, connection, alsoSeen: Self.alsoSeen) { event, state in
        try audit.see(event, state)
        if event.position % 1_000 == 0 { progress(event.position, end) }
      }
      audit.close(state)
    } catch is Stop {}
    return audit.report
  }

  /// Nothing can be said from here on.
  private struct Stop: Error {}

  private mutating func see(_ event: AppliedEvent, _ state: ControlState) throws {
    if event.position >= report.from { check(event, state) }
    recordedAt = event.recordedAt
    if let fault = booked?.take(event) { find(.decision, event.position, fault) }
    guard state.canApply(event) else {
      find(.unreadable, event.position, "\(event.type) names what there is not: from here on nothing can be said")
      throw Stop()
    }
  }

  private mutating func check(_ event: AppliedEvent, _ state: ControlState) {
    if isEffect(event) { return }
    checkOrder(event, state)
    if ControlState.isExpiry(event.type) {
      report.followUps += 1
      if !state.foresees(event, state.due(at: event.recordedAt)) {
        find(.expiry, event.position, "\(event.subject) was not due then, or did not expire so")
      }
    } else if ControlState.isConsequence(event.type) {
      report.followUps += 1
      if !state.foresees(event, state.consequences(at: event.recordedAt)) {
        find(.consequence, event.position, "nothing before \(event.type) of \(event.subject) leads to it")
      }
    } else {
      decideAgain(event, state)
    }
  }

  /// True for what the last decision must be followed by: it was compared with it, and is no decision of its own.
  private mutating func isEffect(_ event: AppliedEvent) -> Bool {
    guard let effect = effects.first else { return false }
    if event.type == effect.type, event.subject == effect.subject {
      effects.removeFirst()
      return true
    }
    effects = []
    findMissing(effect.type, effect.subject, before: event.position)
    return false
  }

  /// What fell due stands before everything else of its moment, what follows right behind its cause.
  private mutating func checkOrder(_ event: AppliedEvent, _ state: ControlState) {
    if let recordedAt, event.recordedAt > recordedAt {
      for planned in state.consequences(at: recordedAt) {
        findMissing(planned.type, planned.subject, before: event.position)
      }
    }
    if !ControlState.isExpiry(event.type) {
      for planned in state.due(at: event.recordedAt) {
        findMissing(planned.type, planned.subject, before: event.position)
      }
    }
  }

  private mutating func decideAgain(_ event: AppliedEvent, _ state: ControlState) {
    let zone = state.settings.map { zones($0.timeZone) } ?? .utc
    let again = state.reenact(event, zone: zone, erasable: { erasures[$0] ?? Erasable() }) {
      Hex.string(SHA256Digest.hash($0))
    }
    if again != .notDecided { report.decisions += 1 }
    switch again {
    case .notDecided: return
    case .same(let effects): self.effects = effects
    case .differs(let members):
      find(
        .decision, event.position,
        "the rules decide \(event.subject) otherwise: \(members.joined(separator: ", "))")
    case .refused(let code): find(.decision, event.position, "the rules refuse \(event.subject): \(code)")
    case .unknownRules(let version):
      find(.rules, event.position, "decided under rules version \(version), which this program does not have")
    }
  }

  /// After the last event: batches are whole, so nothing that follows may be outstanding.
  private mutating func close(_ state: ControlState) {
    for effect in effects { findMissing(effect.type, effect.subject, before: report.to + 1) }
    guard let recordedAt else { return }
    for planned in state.consequences(at: recordedAt) {
      findMissing(planned.type, planned.subject, before: report.to + 1)
    }
  }

  private mutating func findMissing(_ type: String, _ subject: String, before position: Int64) {
    guard missing.insert("\(type) \(subject)").inserted else { return }
    find(.missing, position, "\(type) of \(subject) should stand before this position")
  }

  private mutating func find(_ kind: DecisionAuditReport.Finding.Kind, _ position: Int64, _ detail: String) {
    guard report.findings.count < Self.findingLimit else { return }
    report.findings.append(.init(position: position, kind: kind, detail: detail))
  }
}
