import Control
import Domain
import Testing

extension TestLedger {
  /// Appends a fact as the writer does, and holds what it keeps in memory against what a replay of the event would.
  @discardableResult
  mutating func fact(_ type: String, _ subject: String, _ data: JSON, at time: Timestamp) throws -> AppliedEvent {
    let draft = try EventDraft(
      planned: type, subject: subject, id: "e\(state.position + 1)", source: "/s", data: data)
    let conclusion = state.conclude(
      draft, occurredAt: time, recordedAt: now, zone: zone, persons: [], by: nil)
    #expect(
      state.derive(draft, occurredAt: time, recordedAt: now, zone: zone)?.canonical == conclusion.derived)
    var written = state
    written.advance(to: state.position + 1)
    written.note(conclusion.posting, of: type)
    written.merge()
    let event = AppliedEvent(
      position: state.position + 1, type: type, typeVersion: 1, subject: subject,
      sequence: Int64(log.count { $0.subject == subject } + 1), occurredAt: time, recordedAt: now, actor: "k",
      actorKind: .service, data: data, derived: try JSON(parsing: conclusion.derived))
    take(event)
    #expect(written.snapshot() == state.snapshot())
    return event
  }

  /// Opens the ledger, so that what needs a second owner does.
  mutating func open() throws {
    try run(
      .openLedger(
        .object([
          "name": .text("main"), "time_zone": .text(zone.identifier), "reporting_currency": .text("USD"),
        ]), prices: []), by: .system)
  }

  /// Closes a month with two owners: asks as `ann`, grants as `ben`. Answers the refusal, of either.
  mutating func close(_ period: String, at position: Int64, root: String? = nil) -> String? {
    let change = Change(
      operation: .closePeriod, subject: "period/\(period)",
      body: .object([
        "period": .text(period), "position": .integer(position), "root": .text(root ?? Self.root(at: position)),
        "books": .object(["daily_spend": .text(String(repeating: "0", count: 64))]),
      ]))
    return ask(change)
  }

  /// Reopens a month with two owners.
  mutating func reopen(_ period: String) -> String? {
    ask(
      Change(
        operation: .reopenPeriod, subject: "period/\(period)",
        body: .object(["period": .text(period), "reason": .text("a late invoice")])))
  }

  /// Asks for a change and has it granted.
  mutating func ask(_ change: Change) -> String? {
    if let refusal = refusal(.change(change, terms: nil, breakGlass: nil), by: .key("ann")) { return refusal }
    guard let request = log.last, request.type == "approval.requested" else { return "not asked for" }
    return refusal(.grantApproval(id: String(request.subject.dropFirst(9)), reason: "checked"), by: .key("ben"))
  }
}

/// Data of the events that finance is about.
enum Finance {
  /// The data of a cost over a half-open period.
  static func cost(_ amount: String, _ start: String, _ end: String) -> JSON {
    .object([
      "category": .text("vm"), "cost": money(amount), "period_start": .text(start), "period_end": .text(end),
    ])
  }

  /// An amount of US dollars.
  static func money(_ amount: String, _ currency: String = "USD") -> JSON {
    .object(["amount": .text(amount), "currency": .text(currency)])
  }

  /// The data of a completion with so many input tokens.
  static func completion(_ model: String = "m", input: Int64 = 1_000_000, reported: String? = nil) -> JSON {
    .object([
      "operation": .text("chat"), "model": .text(model), "provider": .text("p"), "attempt": .integer(1),
      "status": .text("ok"), "usage": .object(["input_tokens": .integer(input)]), "usage_source": .text("provider"),
      "latency_ms": .integer(1), "reported_cost": reported.map { money($0) },
    ])
  }
}
