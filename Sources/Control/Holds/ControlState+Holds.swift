import Domain

extension ControlState {
  /// Holds that stand at a time at most: each is looked at for every event of an erasure.
  static let holdsAtMost = 1_000

  /// The holds that stand, by id.
  public var activeHolds: [Hold] { holds.values.sorted { ExactText($0.id) < ExactText($1.id) } }

  mutating func applyPlaced(_ event: AppliedEvent) {
    let hold = Hold(placed: event)
    holds[hold.id] = hold
  }

  mutating func applyReleased(_ event: AppliedEvent) { holds[event.text("hold")] = nil }

  /// Places a hold: {hold, subject?, person?, kind?, from?, until?, reason}. People are free to, as it only tightens.
  func decideHold(_ body: JSON, _ context: CommandContext) throws(Refusal) -> [PlannedEvent] {
    try context.requireHuman("place a hold")
    guard let id = body["hold"]?.string else { throw .incomplete("hold") }
    guard holds[id] == nil else {
      throw Refusal(code: "hold-exists", status: 409, detail: "A hold with this id stands already.")
    }
    guard holds.values.count < Self.holdsAtMost else {
      throw Refusal(
        code: "too-many-holds", status: 409,
        detail: "\(Self.holdsAtMost) holds stand: release some, or place one that matches more.")
    }
    if let from = Self.moment("from", body), let until = Self.moment("until", body), from >= until {
      throw Refusal(
        code: "empty-hold", status: 422, detail: "The hold ends before it begins, and so matches nothing.")
    }
    return [PlannedEvent(type: "hold.placed", subject: "hold/\(id)", data: body, derived: provenance(context))]
  }

  /// Plans to release a hold: {hold, reason}. It always takes a second owner.
  func planRelease(_ change: Change, _ context: CommandContext) throws(Refusal) -> ChangePlan {
    try context.refuseAgent("release a hold")
    try context.requireHuman("release a hold")
    guard let id = change.body["hold"]?.string, change.subject == "hold/\(id)" else { throw .incomplete("hold") }
    guard change.body["reason"]?.string != nil else { throw .incomplete("reason") }
    guard holds[id] != nil else {
      throw Refusal(code: "hold-not-found", status: 404, detail: "No hold with this id stands.")
    }
    let event = PlannedEvent(
      type: "hold.released", subject: change.subject, data: change.body, derived: provenance(context))
    return ChangePlan(
      events: [event], stake: Stake(.loosening, .medium, "what the hold \(id) keeps can be erased again"))
  }

  private static func moment(_ member: String, _ body: JSON) -> Timestamp? {
    body[member]?.string.flatMap { Timestamp(rfc3339: $0) }
  }
}
