import Domain

extension ControlState {
  /// Plans to close a month: {period, position, root, books, versions?}. Always with a second owner.
  ///
  /// The claim of the books' digests is not looked at here: who verifies replays the books.
  func planClosing(_ change: Change, _ context: CommandContext) throws(Refusal) -> ChangePlan {
    let month = try Self.month(of: change)
    guard let position = change.body["position"]?.integer, let root = change.body["root"]?.string else {
      throw .incomplete("position")
    }
    if let closed = closedThrough, month <= closed {
      throw Refusal(
        code: "period-closed", status: 409, detail: "\(month) is closed already: \(closed) is the last closed month.")
    }
    guard context.zone.date(of: context.now) > month.lastDay else {
      throw Refusal(
        code: "period-not-over", status: 409,
        detail: "\(month) ends with \(month.lastDay) in \(context.zone.identifier): close it once it is over.")
    }
    guard let confirmed = context.roots[position] else {
      throw Refusal(
        code: "position-not-confirmed", status: 409, detail: "The ledger cannot say what its root was at \(position)."
      )
    }
    guard confirmed == root else {
      throw Refusal(
        code: "root-not-confirmed", status: 409, detail: "The ledger had another root at position \(position).")
    }
    let last = lastPosting(upTo: month)
    guard last <= position else {
      throw Refusal(
        code: "posted-after", status: 409,
        detail: "The event at position \(last) is posted to \(month) or before, and stands after \(position).")
    }
    var derived = provenance(context)
    derived["first_open"] = .text(month.next.firstDay.description)
    let event = PlannedEvent(type: "period.closed", subject: change.subject, data: change.body, derived: derived)
    return ChangePlan(
      events: [event],
      stake: Stake(.action, .medium, "\(month) and all before it take no more postings, as of position \(position)"))
  }

  /// Plans to reopen the last closed month: {period, reason}. Always with a second owner.
  func planReopening(_ change: Change, _ context: CommandContext) throws(Refusal) -> ChangePlan {
    let month = try Self.month(of: change)
    guard let closed = closedThrough, month <= closed else {
      throw Refusal(code: "period-open", status: 409, detail: "\(month) is open.")
    }
    guard month == closed else {
      throw Refusal(
        code: "period-not-last", status: 409, detail: "Only the last closed month can be reopened: \(closed).")
    }
    var derived = provenance(context)
    derived["first_open"] = .text(month.firstDay.description)
    let event = PlannedEvent(type: "period.reopened", subject: change.subject, data: change.body, derived: derived)
    return ChangePlan(
      events: [event], stake: Stake(.loosening, .medium, "the closed month \(month) takes postings again"))
  }

  /// The position that a closing claims something about, be it asked for by the command or granted by it; nil for others.
  public func claimedPosition(of command: Command) -> Int64? {
    let change: Change?
    switch command {
    case .grantApproval(let id, _): change = approvals[id].flatMap { Change($0.change) }
    default: change = command.change
    }
    return change?.operation == .closePeriod ? change?.body["position"]?.integer : nil
  }

  /// Months are closed, reopened and re-rated by people of finance.
  func checkFinanceRights(_ deed: String, _ context: CommandContext) throws(Refusal) {
    try context.refuseAgent(deed)
    try context.requireHuman(deed)
    try context.requireRole([.finance], to: deed)
  }

  private static func month(of change: Change) throws(Refusal) -> AccountingMonth {
    guard let month = change.body["period"]?.string.flatMap({ AccountingMonth($0) }) else {
      throw .incomplete("period")
    }
    return month
  }
}
