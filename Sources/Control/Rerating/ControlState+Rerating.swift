import Domain

extension ControlState {
  /// Re-ratings that were approved and are not complete, the first approved first.
  public var openRerates: [Rerate] { rerates.values.sorted { $0.approvedAt < $1.approvedAt } }

  /// The re-rating with this id, while it is not complete.
  public func rerate(_ id: String) -> Rerate? { rerates[id] }

  /// True while any re-rating is not complete; costs nothing.
  public var isRerating: Bool { !rerates.isEmpty }

  mutating func applyApproved(rerate event: AppliedEvent) {
    let rerate = Rerate(approved: event, priceBook)
    rerates[rerate.id] = rerate
  }

  mutating func applyAdjusted(_ event: AppliedEvent) {
    guard let after = event.derived?["after"].flatMap({ Money($0) }), var rerate = rerates[event.text("rerate")]
    else {
      return
    }
    let before = event.derived?["before"].flatMap { Money($0) }
    rerate.count(event.integer("adjusts"), before: before, after: after)
    rerates[rerate.id] = rerate
  }

  /// Takes in an adjustment that is written at a position, the writer's hot path: counted apart, in `rerate`, which the state
  /// takes over by `keep` once all of a batch are.
  public mutating func apply(_ adjustment: Adjustment, to rerate: inout Rerate, at position: Int64) {
    advance(to: position)
    periods.note(adjustment.postingDate(firstOpen: periods.firstOpen), at: position)
    rerate.count(adjustment.position, before: adjustment.before, after: adjustment.after)
  }

  /// Takes over how far a re-rating is.
  public mutating func keep(_ rerate: Rerate) { rerates[rerate.id] = rerate }

  /// Plans a re-rating: what was found stands in the change, and an approval is bound to it. Always with a second owner.
  func planRerate(_ change: Change, _ context: CommandContext) throws(Refusal) -> ChangePlan {
    let body = change.body
    guard let selection = RerateSelection(body) else { throw .incomplete("from") }
    guard body["rerate"]?.string != nil, body["digest"]?.string != nil, let position = body["position"]?.integer,
      let calls = body["calls"]?.integer, let priced = body["priced"]?.integer,
      let totals = body["totals"].flatMap({ RerateTotals($0) })
    else { throw .changeNotSupported }
    guard position <= self.position else { throw .incomplete("position") }
    guard calls > 0 else {
      throw Refusal(
        code: "nothing-to-rerate", status: 409,
        detail: "By the prices known now, no call that was selected costs anything else than is booked.")
    }
    if let open = openRerates.first {
      throw Refusal(
        code: "rerate-running", status: 409,
        detail: "The re-rating \(open.id) is not complete: \(open.adjusted) of \(open.calls) calls are adjusted.")
    }
    let event = PlannedEvent(
      type: "rerate.approved", subject: change.subject, data: body, derived: provenance(context))
    let raises = priced > 0 || totals.rows.contains { $0.after > $0.before }
    let what = selection.json.members?.isEmpty == true ? "all past calls" : "the selected past calls"
    let sums = totals.rows.map { "\($0.before) to \($0.after) \($0.currency)" }.joined(separator: ", ")
    let stake = Stake(
      raises ? .costIncrease : .action, raises ? .medium : .low,
      "\(calls) of \(what) cost something else by the prices known at position \(position): \(sums)")
    return ChangePlan(events: [event], stake: stake)
  }

  /// Ends a re-rating; what was not adjusted was left alone.
  func decideCompletion(ofRerate id: String) throws(Refusal) -> [PlannedEvent] {
    guard let rerate = rerates[id] else {
      throw Refusal(code: "rerate-not-found", status: 404, detail: "No re-rating of this id is under way.")
    }
    return [
      PlannedEvent(
        type: "rerate.completed", subject: "rerate/\(id)",
        data: .object([
          "rerate": .text(id), "adjusted": .integer(rerate.adjusted),
          "skipped": .integer(max(0, rerate.calls - rerate.adjusted)), "totals": rerate.totals.json,
        ]),
        derived: .object(["owner": .text(Principal.system.owner)]), bySystem: true)
    ]
  }
}

extension ChangeForm {
  /// What was found is the service's to say, so that nobody asks for leave for figures of their own.
  static let rerate = ChangeForm(
    endpoint: "proposeRerate",
    made: ["rerate", "position", "calls", "priced", "examined", "totals", "models", "digest"],
    fields: CommandCatalogue.fields(of: "rerate.approved"), subjectMember: "model"
  ) { body in "rerate/\(body["rerate"]?.string ?? "proposed")" }
}
