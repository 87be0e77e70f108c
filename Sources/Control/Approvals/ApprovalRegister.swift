import Domain

/// Every approval by id, the open ones apart so that looking for what is due does not touch the closed.
struct ApprovalRegister: Sendable {
  private(set) var open: Layered<String, Approval>
  private(set) var closed: Layered<String, Approval>
  /// No open approval expires before this; nil: none is open. May be too early, never too late.
  private var earliestExpiry: Timestamp?
  private var closedEarliest = false

  init(_ approvals: [Approval] = []) {
    open = Layered(Dictionary(uniqueKeysWithValues: approvals.filter(\.isOpen).map { ($0.id, $0) }))
    closed = Layered(Dictionary(uniqueKeysWithValues: approvals.filter { !$0.isOpen }.map { ($0.id, $0) }))
    earliestExpiry = open.values.map(\.expiresAt).min()
  }

  subscript(id: String) -> Approval? { open[id] ?? closed[id] }

  /// Those that are committed, by id.
  var merged: [Approval] {
    (Array(open.merged.values) + Array(closed.merged.values)).sorted { ExactText($0.id) < ExactText($1.id) }
  }

  mutating func apply(requested event: AppliedEvent) {
    guard let kind = ApprovalKind(rawValue: event.text("kind")) else { event.malformed("kind") }
    guard let risk = ApprovalRisk(rawValue: event.text("risk")) else { event.malformed("risk") }
    let approval = Approval(
      id: event.approvalID, kind: kind, risk: risk, changeDigest: event.data["change_digest"]?.string ?? "",
      requester: event.actor, requesterOwner: event.owner, requestedAt: event.recordedAt,
      expiresAt: event.moment("expires_at"), state: .requested, grants: [])
    open[approval.id] = approval
    earliestExpiry = min(earliestExpiry ?? approval.expiresAt, approval.expiresAt)
  }

  /// Counts a grant; the approval is granted once a quorum of distinct owners did.
  mutating func apply(granted event: AppliedEvent) {
    guard var approval = open[event.approvalID] else { event.malformed("approval") }
    approval.grants.append(Approval.Grant(owner: event.owner, key: event.actor))
    if approval.grants.count >= approval.quorum {
      close(approval, as: .granted)
    } else {
      open[approval.id] = approval
    }
  }

  mutating func close(_ event: AppliedEvent, as state: Approval.State) {
    guard let approval = open[event.approvalID] else { event.malformed("approval") }
    close(approval, as: state)
  }

  private mutating func close(_ approval: Approval, as state: Approval.State) {
    var approval = approval
    approval.state = state
    open[approval.id] = nil
    closed[approval.id] = approval
    if approval.expiresAt == earliestExpiry { closedEarliest = true }
  }

  /// The expiries due at or before `now`: by expiry, then id.
  func due(at now: Timestamp) -> [PlannedEvent] {
    guard let earliestExpiry, earliestExpiry <= now else { return [] }
    let expired = open.values.filter { $0.expiresAt <= now }.sorted { left, right in
      left.expiresAt != right.expiresAt ? left.expiresAt < right.expiresAt : ExactText(left.id) < ExactText(right.id)
    }
    return expired.map { approval in
      PlannedEvent(
        type: "approval.expired", subject: "approval/\(approval.id)",
        data: .object([
          "approval": .text(approval.id), "reason": .text("not decided by \(approval.expiresAt)"),
        ]),
        derived: .object([
          "owner": .text(Principal.system.owner), "state": .text(Approval.State.expired.rawValue),
        ]),
        bySystem: true)
    }
  }

  mutating func merge() {
    open.merge()
    closed.merge()
    guard closedEarliest else { return }
    closedEarliest = false
    earliestExpiry = open.values.map(\.expiresAt).min()
  }

  mutating func drop() {
    closedEarliest = false
    closed.drop()
    guard !open.isSettled else { return }
    open.drop()
    earliestExpiry = open.values.map(\.expiresAt).min()
  }
}

extension AppliedEvent {
  /// The approval that the event is about, from its subject.
  fileprivate var approvalID: String {
    let prefix = "approval/"
    guard subject.hasPrefix(prefix) else { malformed("subject") }
    return String(subject.dropFirst(prefix.count))
  }
}
