import Domain

extension ControlState {
  /// Lists a rate of exchange: {base, quote, rate, valid_from, note?}. Books use it from the first open day on, at the
  /// earliest, so that no figure of a closed month changes.
  func decideRate(_ body: JSON, _ context: CommandContext) throws(Refusal) -> [PlannedEvent] {
    try context.refuseAgent("list a rate")
    guard let base = body["base"]?.string, let quote = body["quote"]?.string else { throw .incomplete("base") }
    guard base != quote else {
      throw Refusal(code: "invalid-rate", status: 422, detail: "A rate is between two currencies.")
    }
    guard let rate = body["rate"]?.string.flatMap({ Amount($0) }), rate > .zero else {
      throw Refusal(code: "invalid-rate", status: 422, detail: "A rate is above zero.")
    }
    guard let from = body["valid_from"]?.string.flatMap({ Timestamp(rfc3339: $0) }) else {
      throw .incomplete("valid_from")
    }
    let day = context.zone.date(of: from)
    var derived = provenance(context)
    derived["valid_from"] = .text(max(day, periods.firstOpen ?? day).description)
    return [PlannedEvent(type: "rate.listed", subject: "rate/\(base)-\(quote)", data: body, derived: derived)]
  }

  /// Records that an invoice and the books differ by more than was to be tolerated: a claim, whose arithmetic holds.
  func decideDifference(_ body: JSON, _ context: CommandContext) throws(Refusal) -> [PlannedEvent] {
    try context.refuseAgent("record a difference")
    guard let invoice = body["invoice"]?.string else { throw .incomplete("invoice") }
    guard let booked = body["booked"].flatMap({ Money($0) }), let invoiced = body["invoiced"].flatMap({ Money($0) }),
      let difference = body["difference"].flatMap({ Money($0) })
    else { throw .incomplete("difference") }
    guard let sum = try? booked.adding(difference), sum == invoiced else {
      throw Refusal(
        code: "difference-does-not-add-up", status: 422,
        detail: "The difference is what is invoiced less what is booked, in one currency.")
    }
    guard body["period"].flatMap({ DaySpan($0) }) != nil else { throw .incomplete("period") }
    guard let seen = body["position"]?.integer, (1...position).contains(seen) else {
      throw Refusal(code: "event-not-found", status: 404, detail: "The book cannot have reflected that position.")
    }
    return [
      PlannedEvent(
        type: "reconciliation.differed", subject: "invoice/\(invoice)", data: body, derived: provenance(context))
    ]
  }
}
