import Domain

/// Every approval by id: those that are open and those that can be used apart, so that looking for what is due does not
/// touch the closed, of which the last are kept.
struct ApprovalRegister: Sendable {
  /// Closed approvals are forgotten after thirty days, or when there are more than this; the log has them all.
  static let closedAtMost = 1_000
  static let closedLifeInMicroseconds: Int64 = 30 * 86_400_000_000

  /// Open or usable.
  private(set) var live: Layered<String, Approval>
  private(set) var closed: Layered<String, Approval>
  /// The open request of each change that the ledger can make, by digest.
  private var requests: Layered<String, String>
  /// The usable standing approvals of each operation.
  private var standing: Layered<String, [String]>
  private(set) var closing: ClosingOrder
  /// No live approval expires before this; nil: none is live. May be too early, never too late.
  private var earliestEnd: Timestamp?
  private var endedEarliest = false

  init(_ approvals: [Approval] = [], closed order: [String] = []) {
    let all = Dictionary(uniqueKeysWithValues: approvals.map { ($0.id, $0) })
    live = Layered(all.filter { $0.value.closedAt == nil })
    closed = Layered(all.filter { $0.value.closedAt != nil })
    closing = ClosingOrder(order)
    requests = Layered()
    standing = Layered()
    for approval in approvals.sorted(by: { ExactText($0.id) < ExactText($1.id) }) where approval.closedAt == nil {
      index(approval)
    }
    requests.merge()
    standing.merge()
    earliestEnd = live.values.map(\.end).min()
  }

  subscript(id: String) -> Approval? { live[id] ?? closed[id] }

  /// Those that are committed, by id.
  var merged: [Approval] {
    (Array(live.merged.values) + Array(closed.merged.values)).sorted { ExactText($0.id) < ExactText($1.id) }
  }

  /// The open request of this very change.
  func request(of digest: String) -> Approval? { requests[digest].flatMap { live[$0] } }

  /// The usable standing approvals of an operation, the first to end first.
  func standing(of operation: String) -> [Approval] {
    (standing[operation] ?? []).compactMap { live[$0] }.sorted { left, right in
      left.end != right.end ? left.end < right.end : ExactText(left.id) < ExactText(right.id)
    }
  }

  /// How many requests of an owner are open.
  func openCount(of owner: String) -> Int { live.values.count { $0.isOpen && $0.requesterOwner == owner } }

  mutating func apply(requested event: AppliedEvent) {
    let approval = Approval(requested: event)
    live[approval.id] = approval
    index(approval)
    earliestEnd = min(earliestEnd ?? approval.expiresAt, approval.expiresAt)
  }

  /// Counts a grant; where the approval stands then is what was concluded.
  mutating func apply(granted event: AppliedEvent) {
    guard var approval = live[event.approvalID] else { event.malformed("approval") }
    approval.grants.append(Approval.Grant(owner: event.owner, key: event.actor))
    guard event.derived?["state"]?.string == Approval.State.granted.rawValue else {
      live[approval.id] = approval
      return
    }
    unindex(approval)
    if approval.end == earliestEnd { endedEarliest = true }
    approval.state = .granted
    live[approval.id] = approval
    index(approval)
    earliestEnd = min(earliestEnd ?? approval.end, approval.end)
  }

  /// Closes an approval, and forgets those that were closed long ago.
  mutating func close(_ event: AppliedEvent, as state: Approval.State) {
    guard var approval = live[event.approvalID] else { event.malformed("approval") }
    unindex(approval)
    if approval.end == earliestEnd { endedEarliest = true }
    approval.state = state
    approval.closedAt = event.recordedAt
    live[approval.id] = nil
    closed[approval.id] = approval
    closing.append(approval.id)
    while let oldest = closing.oldest, isForgotten(oldest, at: event.recordedAt) {
      closed[oldest] = nil
      closing.takeOldest()
    }
  }

  private func isForgotten(_ id: String, at now: Timestamp) -> Bool {
    guard closing.count <= Self.closedAtMost, let closedAt = closed[id]?.closedAt else { return true }
    return now.microseconds - closedAt.microseconds > Self.closedLifeInMicroseconds
  }

  private mutating func index(_ approval: Approval) {
    if approval.isOpen, approval.isForTheLedger { requests[approval.changeDigest] = approval.id }
    if approval.isUsable, let coverage = approval.coverage, coverage.isStanding {
      standing[coverage.operation] = (standing[coverage.operation] ?? []) + [approval.id]
    }
  }

  private mutating func unindex(_ approval: Approval) {
    if requests[approval.changeDigest] == approval.id { requests[approval.changeDigest] = nil }
    if approval.isUsable, let coverage = approval.coverage, coverage.isStanding {
      let left = (standing[coverage.operation] ?? []).filter { $0 != approval.id }
      standing[coverage.operation] = left.isEmpty ? nil : left
    }
  }

  /// The expiries due at or before `now`: by end, then id.
  func due(at now: Timestamp) -> [PlannedEvent] {
    guard let earliestEnd, earliestEnd <= now else { return [] }
    let expired = live.values.filter { $0.end <= now }.sorted { left, right in
      left.end != right.end ? left.end < right.end : ExactText(left.id) < ExactText(right.id)
    }
    return expired.map { approval in
      PlannedEvent(
        type: "approval.expired", subject: "approval/\(approval.id)",
        data: .object([
          "approval": .text(approval.id),
          "reason": .text("not \(approval.isOpen ? "decided" : "used") by \(approval.end)"),
        ]),
        derived: .object([
          "owner": .text(Principal.system.owner), "state": .text(Approval.State.expired.rawValue),
        ]),
        bySystem: true)
    }
  }

  mutating func merge() {
    live.merge()
    closed.merge()
    requests.merge()
    standing.merge()
    closing.merge()
    guard endedEarliest else { return }
    endedEarliest = false
    earliestEnd = live.values.map(\.end).min()
  }

  mutating func drop() {
    endedEarliest = false
    closed.drop()
    requests.drop()
    standing.drop()
    closing.drop()
    guard !live.isSettled else { return }
    live.drop()
    earliestEnd = live.values.map(\.end).min()
  }
}

extension Approval {
  /// The approval that an event asks for.
  init(requested event: AppliedEvent) {
    guard let kind = ApprovalKind(rawValue: event.text("kind")) else { event.malformed("kind") }
    guard let risk = ApprovalRisk(rawValue: event.text("risk")) else { event.malformed("risk") }
    guard let change = event.data["change"] else { event.malformed("change") }
    self.init(
      id: event.approvalID, kind: kind, risk: risk, change: change,
      changeDigest: event.data["change_digest"]?.string ?? "", reasonCode: event.text("reason_code"),
      evidence: event.data["evidence"]?.elements?.count ?? 0, requester: event.actor, requesterOwner: event.owner,
      requestedAt: event.recordedAt, expiresAt: event.moment("expires_at"), state: .requested, grants: [],
      coverage: Coverage(change))
  }
}

extension AppliedEvent {
  /// The approval that the event is about, from its subject.
  var approvalID: String {
    let prefix = "approval/"
    guard subject.hasPrefix(prefix) else { malformed("subject") }
    return String(subject.dropFirst(prefix.count))
  }
}
