import Domain

extension ControlState {
  /// The approval with this id; closed ones are kept for a while, the log has them all.
  public func approval(_ id: String) -> Approval? { approvals[id] }

  /// Approvals that wait for a decision, in queue order.
  public var openApprovals: [Approval] {
    approvals.live.values.filter(\.isOpen).sorted(by: Approval.precedesInQueue)
  }

  /// Every approval that the state knows, newest first; `state` narrows.
  public func approvals(in state: Approval.State? = nil) -> [Approval] {
    if state == .requested { return openApprovals }
    return (approvals.live.values + approvals.closed.values).filter { state == nil || $0.state == state }.sorted {
      $0.requestedAt != $1.requestedAt
        ? $0.requestedAt > $1.requestedAt : ExactText($0.id) < ExactText($1.id)
    }
  }

  /// Open requests of one owner: so many at most, that nobody can bury the queue.
  static let openRequestsOfOneOwner = 1_000

  /// Asks for an approval: of a change that the ledger makes, of leave to decide, or of a deed that is described.
  func decideRequest(_ body: JSON, _ context: CommandContext) throws(Refusal) -> [PlannedEvent] {
    guard let asked = body["change"], case .object = asked else { throw .incomplete("change") }
    // Who was made by an admin alone would be the second owner of what that admin grants.
    try context.refuseNewcomer(since: .latest, "ask for an approval")
    if let change = Change(asked) { return [try request(change, body, context)] }
    if asked["change"]?.string == Coverage.decide { return [try requestLeave(asked, body, context)] }
    let kind = try Self.kind(body)
    var body = body
    body["kind"] = .text(kind.rawValue)
    return [try request(body, atLeast: kind.risk, context)]
  }

  private static func kind(_ body: JSON) throws(Refusal) -> ApprovalKind {
    guard let asked = body["kind"] else { return .action }
    guard let kind = asked.string.flatMap(ApprovalKind.init(rawValue:)) else { throw .incomplete("kind") }
    return kind
  }

  /// A change that the last grant makes: what is at stake is the ledger's to say.
  private func request(
    _ change: Change, _ body: JSON, _ context: CommandContext
  ) throws(Refusal) -> PlannedEvent {
    try checkRights(of: change, context)
    let (change, plan) = try planned(change, context)
    guard let stake = plan.stake else {
      throw Refusal(
        code: "approval-not-needed", status: 422, detail: "The change needs no second human: make it.")
    }
    try context.refuseAgent("ask for what needs a second human: \(stake.why)")
    return try request(for: change, stake, ApprovalTerms(body), context)
  }

  /// Leave to decide once; it is always the requester's own.
  private func requestLeave(
    _ asked: JSON, _ body: JSON, _ context: CommandContext
  ) throws(Refusal) -> PlannedEvent {
    guard let operation = asked["operation"]?.string else { throw .incomplete("change/operation") }
    guard let model = asked["model"]?.string else { throw .incomplete("change/model") }
    if let ceiling = asked["ceiling"] {
      guard let money = Money(ceiling), money.amount >= .zero else { throw .incomplete("change/ceiling") }
    }
    let need = GrantNeed(
      operation: operation, model: model, owner: context.principal.owner, cost: asked["ceiling"].flatMap { Money($0) }
    )
    guard Set((asked.members ?? [:]).keys).isSubset(of: Set((need.change.members ?? [:]).keys)) else {
      throw Refusal(
        code: "invalid-command", status: 422,
        detail: "Leave to decide names operation, model and, where the price is known, ceiling.")
    }
    var body = body
    body["kind"] = .text(ApprovalKind.action.rawValue)
    body["change"] = need.change
    return try request(body, atLeast: ApprovalKind.action.risk, context)
  }

  /// Asks for the approval that a change needs.
  func request(
    for change: Change, _ stake: Stake, _ terms: ApprovalTerms?, _ context: CommandContext
  ) throws(Refusal) -> PlannedEvent {
    var body = terms?.body ?? .object(JSONObject())
    body["kind"] = .text(stake.kind.rawValue)
    body["change"] = change.json
    if body["reason_code"] == nil { body["reason_code"] = .text(stake.kind.rawValue) }
    var event = try request(body, atLeast: stake.risk, context)
    event.derived?["why"] = .text(stake.why)
    return event
  }

  /// The request with what the ledger sets: digest, risk, quorum and life.
  func request(_ body: JSON, atLeast least: ApprovalRisk, _ context: CommandContext) throws(Refusal) -> PlannedEvent {
    guard let change = body["change"] else { throw .incomplete("change") }
    let id = context.freshID
    guard approvals[id] == nil else {
      throw Refusal(code: "approval-exists", status: 409, detail: "There is an approval with this id already.")
    }
    let digest = context.digest(change.canonical)
    try checkQueue(digest, change, context)
    let risk = try Self.risk(atLeast: least, body)
    guard (body["evidence"]?.elements ?? []).count >= risk.minimumEvidence else {
      throw Refusal(
        code: "evidence-required", status: 422,
        detail: "An approval of risk \(risk.rawValue) needs at least \(risk.minimumEvidence) item of evidence.")
    }
    var data = body
    data["change_digest"] = .text(digest)
    data["risk"] = .text(risk.rawValue)
    data["expires_at"] = .text(try Self.expiry(of: risk, body, now: context.now).description)
    var derived = provenance(context)
    derived["risk"] = .text(risk.rawValue)
    derived["quorum"] = .integer(Int64(risk.quorum))
    derived["state"] = .text(Approval.State.requested.rawValue)
    return PlannedEvent(type: "approval.requested", subject: "approval/\(id)", data: data, derived: derived)
  }

  private func checkQueue(_ digest: String, _ change: JSON, _ context: CommandContext) throws(Refusal) {
    if let open = openRequest(digest) {
      throw Refusal(
        code: "approval-open", status: 409, detail: "The approval \(open.id) of this very change waits already.")
    }
    guard approvals.openCount(of: context.principal.owner) < Self.openRequestsOfOneOwner else {
      throw Refusal(
        code: "too-many-requests-open", status: 409,
        detail: "An owner has at most \(Self.openRequestsOfOneOwner) requests open: withdraw some.")
    }
    let bytes = change.canonical.count
    guard bytes <= Catalogue.dataBytes / 2 else {
      throw Refusal(
        code: "change-too-large", status: 422,
        detail: "A change of \(bytes) bytes cannot wait for an approval: \(Catalogue.dataBytes / 2) at most.")
    }
  }

  private static func risk(atLeast least: ApprovalRisk, _ body: JSON) throws(Refusal) -> ApprovalRisk {
    guard let asked = body["risk"] else { return least }
    guard let raised = asked.string.flatMap(ApprovalRisk.init(rawValue:)) else { throw .incomplete("risk") }
    return max(least, raised)
  }

  private static func expiry(of risk: ApprovalRisk, _ body: JSON, now: Timestamp) throws(Refusal) -> Timestamp {
    let longest = Timestamp(microseconds: now.microseconds + risk.longestLifeInHours * 3_600_000_000)
    guard let asked = body["expires_at"] else { return longest }
    guard let wanted = asked.string.flatMap({ Timestamp(rfc3339: $0) }) else { throw .incomplete("expires_at") }
    guard wanted > now, wanted <= longest else {
      throw Refusal(
        code: "expiry-out-of-range", status: 422,
        detail: "An approval of risk \(risk.rawValue) lives at most \(risk.longestLifeInHours) hours from now.")
    }
    return wanted
  }
}
