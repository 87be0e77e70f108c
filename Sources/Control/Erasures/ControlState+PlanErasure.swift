import Domain

extension ControlState {
  /// Events that one erasure empties at most; who has more is erased in steps, by `before`.
  public static let erasedAtOnce = 250_000

  /// What an erasure selects that a command asks for, or grants; nil for every other command.
  public func erasure(by command: Command) -> ErasureSelector? {
    switch command {
    case .change(let change, _, _) where change.operation == .eraseData: ErasureSelector(change.body)
    case .grantApproval(let id, _): erasure(of: approvals[id])
    default: nil
    }
  }

  private func erasure(of approval: Approval?) -> ErasureSelector? {
    guard let change = approval.flatMap({ Change($0.change) }), change.operation == .eraseData else { return nil }
    return ErasureSelector(change.body)
  }

  /// The id of the erasure that a command asks for, or grants; nil for every other command.
  func erasureID(of command: Command) -> String? {
    let change: Change? =
      switch command {
      case .change(let change, _, _): change
      case .grantApproval(let id, _): approvals[id].flatMap { Change($0.change) }
      default: nil
      }
    guard let change, change.operation == .eraseData else { return nil }
    return change.body["erasure"]?.string
  }

  /// Plans to empty personal parts for good: {erasure, subject | person, kind | positions, before?, reason, legal_basis}.
  ///
  /// It always takes a second owner. What is selected is looked for again when it is granted, under the ledger's lock.
  func planErasure(_ change: Change, _ context: CommandContext) throws(Refusal) -> ChangePlan {
    try context.refuseAgent("erase")
    try context.requireHuman("erase")
    guard settings != nil else {
      throw Refusal(code: "ledger-not-open", status: 409, detail: "Nothing is erased before the ledger is open.")
    }
    guard let id = change.body["erasure"]?.string, change.subject == "erasure/\(id)" else {
      throw .incomplete("erasure")
    }
    guard let selector = ErasureSelector(change.body) else { throw .incomplete("selector") }
    guard let reason = change.body["reason"]?.string else { throw .incomplete("reason") }
    guard let basis = change.body["legal_basis"]?.string else { throw .incomplete("legal_basis") }
    let found = context.erasable
    try check(found, selector)
    let parts = ErasurePart.parts(of: found.events, forgetting: selector.forgottenPerson)
    let events = parts.enumerated().map { index, part in
      event(part, number: index + 1, of: parts.count, change, selector, found, context)
    }
    let what = "\(found.events.count) events lose what they hold of persons, for good"
    return ChangePlan(events: events, stake: Stake(.action, .medium, "\(what): \(reason) (\(basis))"))
  }

  /// Refuses what a hold keeps, and what is nothing or too much.
  private func check(_ found: Erasable, _ selector: ErasureSelector) throws(Refusal) {
    for hold in activeHolds {
      let held = found.events.filter(hold.matches)
      if let first = held.first {
        throw Refusal(
          code: "erasure-held", status: 409,
          detail: "The hold \(hold.id) keeps \(held.count) of the events, the first at position \(first.position): "
            + "it must be released before.")
      }
      if let person = selector.forgottenPerson, hold.keepsName(of: person) {
        throw Refusal(
          code: "erasure-held", status: 409,
          detail: "The hold \(hold.id) keeps the person: it must be released before."
        )
      }
    }
    let forgets = selector.forgottenPerson != nil && found.isPersonKnown
    guard !found.events.isEmpty || forgets else {
      throw Refusal(
        code: "nothing-to-erase", status: 404, detail: "No event that is selected holds anything of a person.")
    }
    guard found.events.count <= Self.erasedAtOnce else {
      throw Refusal(
        code: "too-much-to-erase", status: 422,
        detail: "More than \(Self.erasedAtOnce) events are selected: erase those before a moment first.")
    }
  }

  private func event(
    _ part: ErasurePart, number: Int, of parts: Int, _ change: Change, _ selector: ErasureSelector, _ found: Erasable,
    _ context: CommandContext
  ) -> PlannedEvent {
    var data = change.body
    var derived = provenance(context)
    derived["events"] = .integer(Int64(found.events.count))
    switch selector.choice {
    case .subject: data["by"] = .text("subject")
    case .positions: data["by"] = .text("positions")
    case .person(let kind, let token):
      data["by"] = .text("person")
      data["kind"] = .text(kind)
      // Whoever restores forgets every token that stands in the data.
      data["person"] = nil
      derived["person"] = .text(token)
    }
    data["positions"] = .array(part.positions.map(JSON.integer))
    data["forgotten"] = part.forgotten.isEmpty ? nil : .array(part.forgotten.map(JSON.text))
    data["part"] = .integer(Int64(number))
    data["parts"] = .integer(Int64(parts))
    return PlannedEvent(type: "payload.erased", subject: change.subject, data: data, derived: derived)
  }
}
