public import Domain

// What decisions ask of approvals.
extension ControlState {
  /// The request that is open for the change with this digest.
  public func openRequest(_ changeDigest: String) -> Approval? { approvals.request(of: changeDigest) }

  /// The grant that lets a decision pass at `now`: the named one, else a standing one that covers it and has room.
  ///
  /// Of several standing ones, the first to end serves first.
  func grant(for need: GrantNeed, named id: String? = nil, at now: Timestamp) -> Approval? {
    if let id { return approvals[id].flatMap { isUsable($0, for: need, at: now) ? $0 : nil } }
    return approvals.standing(of: need.operation).first { isUsable($0, for: need, at: now) }
  }

  /// What is left under a standing approval; nil where it has no ceiling.
  public func room(under approval: Approval) -> Money? {
    guard let ceiling = approval.coverage?.ceiling else { return nil }
    guard let left = try? ceiling.amount.subtracting(committed(under: approval.id)) else {
      return Money(.zero, ceiling.currency)
    }
    return Money(left, ceiling.currency)
  }

  /// What was reserved and spent under a standing approval, in its ceiling's currency.
  func committed(under id: String) -> Amount { budgets.committed(under: id) }

  /// Counts a grant; a standing approval's ceiling is counted from its last one on.
  mutating func applyGranted(_ event: AppliedEvent) {
    approvals.apply(granted: event)
    let id = String(event.subject.dropFirst("approval/".count))
    guard let approval = approvals[id], approval.isUsable, let coverage = approval.coverage, coverage.isStanding,
      let ceiling = coverage.ceiling
    else { return }
    budgets.apply(granted: id, ceiling: ceiling, at: event)
  }

  private func isUsable(_ approval: Approval, for need: GrantNeed, at now: Timestamp) -> Bool {
    guard approval.isUsable, approval.end > now, let coverage = approval.coverage, coverage.covers(need) else {
      return false
    }
    guard coverage.ceiling != nil, let room = room(under: approval) else { return true }
    guard let cost = need.cost, cost.currency == room.currency else { return false }
    return cost.amount <= room.amount
  }

  /// The request for leave to decide once; nil where one is open for the same change already.
  func requestForDecision(
    _ need: GrantNeed, reasonCode: String, _ context: CommandContext
  ) throws(Refusal) -> PlannedEvent? {
    guard openRequest(context.digest(need.change.canonical)) == nil else { return nil }
    let body = JSON.object([
      "kind": .text(ApprovalKind.action.rawValue), "change": need.change, "reason_code": .text(reasonCode),
    ])
    return try request(body, atLeast: ApprovalKind.action.risk, context)
  }

  /// What uses a grant up; nil for a standing one, which is charged instead.
  func consumption(of approval: Approval, by subject: String, _ context: CommandContext) -> PlannedEvent? {
    guard approval.coverage?.isStanding != true else { return nil }
    var derived = provenance(context)
    derived["consumed_by"] = .text(subject)
    return Self.decision("approval.consumed", approval.id, reason: "used by \(subject)", state: .consumed, derived)
  }
}
