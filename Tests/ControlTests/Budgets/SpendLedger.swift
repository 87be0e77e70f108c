import Domain
import Testing

@testable import Control

/// A ledger in memory that decides, books completions and lets reservations expire, as the writer does.
struct SpendLedger {
  var state = ControlState(ledger: "main")
  var now = TestLedger.start
  var zone = ReportingZone.utc
  private(set) var log: [AppliedEvent] = []
  private var sequences: [String: Int64] = [:]

  /// Whether every event is held against the catalogue; thousands of runs need not.
  private let checksCatalogue: Bool

  init(
    prices: [(model: String, perToken: String)] = [("a", "0.01"), ("b", "0.03")], checksCatalogue: Bool = true
  ) {
    self.checksCatalogue = checksCatalogue
    for (model, amount) in prices {
      record(
        PlannedEvent(
          type: "price.listed", subject: "price/\(model)",
          data: .object([
            "model": .text(model), "usage_class": .text("output_tokens"),
            "price": Money(Amount(amount)!, .usd).json, "per": .integer(1),
            "valid_from": .text("1970-01-01T00:00:00Z"),
          ])), by: .key("ann"))
    }
    state.merge()
  }

  // MARK: Configuration

  @discardableResult
  mutating func configure(_ id: String, _ body: JSON, by principal: Principal = .key("ann")) -> String? {
    var body = body
    body["budget"] = .text(id)
    let context = CommandContext(principal: principal, now: now, freshID: "f", zone: zone, digest: { _ in "" })
    do throws(Refusal) {
      let plan = try state.planBudget(
        Change(operation: .configureBudget, subject: "budget/\(id)", body: body), context)
      for event in plan.events { record(event, by: principal) }
      finish()
      return plan.stake.map { "\($0.kind.rawValue) \($0.risk.rawValue)" }
    } catch { return "\(error.status) \(error.code)" }
  }

  /// Makes a budget of money.
  mutating func limit(
    _ id: String, _ scope: String, _ amount: String, window: String = "day", hard: Bool = true,
    thresholds: [String] = [], worstCase: String? = nil, enabled: Bool = true
  ) {
    configure(
      id,
      .budget(
        scope, amount, window: window, hard: hard, thresholds: thresholds, worstCase: worstCase,
        enabled: enabled))
  }

  // MARK: Deciding

  /// Decides a call; records it where there is room for the winner.
  @discardableResult
  mutating func decide(
    _ id: String, _ key: SpendKey, _ estimate: SpendEstimate, fallbacks: [(SpendKey, SpendEstimate)] = [],
    by principal: Principal = .key("svc", .service), life: Int64 = BudgetMoment.reservationLife
  ) -> BudgetVerdict {
    expire()
    let moment = BudgetMoment(now, zone: zone, reservationLife: life)
    let verdict = state.budgets.verdict(key, estimate, moment)
    guard case .room = verdict else { return verdict }
    let able = fallbacks.filter { candidate in
      if case .room = state.budgets.verdict(candidate.0, candidate.1, moment) { true } else { false }
    }
    let reservations = state.budgets.reservations(winner: (key, estimate), fallbacks: able, moment)
    record(
      PlannedEvent(
        type: "route.decided", typeVersion: 2, subject: "call/\(id)",
        data: .object(["operation": .text(key.operation)]),
        derived: .object([
          "outcome": .text("allowed"), "owner": .text(principal.owner),
          "reservations": .array(reservations.map(\.json)),
        ])), by: principal)
    finish()
    return verdict
  }

  // MARK: Booking

  @discardableResult
  mutating func complete(
    _ call: String, model: String = "a", tokens: Int64? = 1, status: String = "ok", user: String? = nil,
    members: KeyValuePairs<String, JSON?> = [:], time: Timestamp? = nil,
    by principal: Principal = .key("svc", .service)
  ) -> SpendEffect? {
    expire()
    var data = JSON.object(members)
    let common: [(String, JSON?)] = [
      ("operation", .text("chat")), ("model", .text(model)), ("provider", .text("p")), ("attempt", .integer(1)),
      ("status", .text(status)), ("usage", .object(["output_tokens": tokens.map(JSON.integer)])),
      ("usage_source", .text(tokens == nil ? "absent" : "provider")), ("latency_ms", .integer(5)),
      ("user", user.map(JSON.text)),
    ]
    for (name, value) in common where data[name] == nil { data[name] = value }
    let draft: EventDraft
    do {
      draft = try EventDraft(
        planned: "completion.recorded", subject: "call/\(call)", id: "e", source: "/s", data: data)
    } catch {
      Issue.record("\(error)")
      return nil
    }
    let conclusion = state.conclude(
      draft, occurredAt: time ?? now, recordedAt: now, zone: zone,
      persons: draft.persons.map { ($0.pointer, "t-" + $0.value.string) }, by: principal)
    state.advance(to: state.position + 1)
    state.note(conclusion.posting, of: draft.type)
    if let effect = conclusion.effect { state.apply(effect, of: draft.subject, recordedAt: now) }
    log.append(
      AppliedEvent(
        position: state.position, type: draft.type, typeVersion: 1, subject: draft.subject,
        sequence: next(draft.subject), occurredAt: time ?? now, recordedAt: now, actor: principal.key,
        actorKind: principal.kind, data: parsed(draft.data),
        derived: parsed(conclusion.derived)))
    finish()
    return conclusion.effect
  }

  /// What the ledger wrote itself.
  private func parsed(_ bytes: [UInt8]) -> JSON {
    do { return try JSON(parsing: bytes) } catch {
      Issue.record("\(error)")
      return .null
    }
  }

  // MARK: Time

  mutating func advance(seconds: Int64) { now = now.advanced(bySeconds: seconds) }

  /// Lets what is due expire, as at the start of a batch.
  mutating func expire() {
    while true {
      let due = state.due(at: now)
      if due.isEmpty { return }
      for event in due { record(event, by: .system) }
      finish()
    }
  }

  /// Records what follows, and merges.
  private mutating func finish() {
    for event in state.consequences(at: now) { record(event, by: .system) }
    if !state.consequences(at: now).isEmpty { Issue.record("what follows is recorded once") }
    state.merge()
  }

  private mutating func record(_ event: PlannedEvent, by principal: Principal) {
    if checksCatalogue, event.type != "route.decided" {
      #expect(throws: Never.self, "\(event.type)") {
        try EventDraft(planned: event.type, subject: event.subject, id: "e", source: "/s", data: event.data)
      }
    }
    if let last = event.lastSequence, last != sequences[event.subject] ?? 0 { Issue.record("\(event.subject)") }
    let actor = event.bySystem ? Principal.system : principal
    let applied = AppliedEvent(
      position: state.position + 1, type: event.type, typeVersion: event.typeVersion, subject: event.subject,
      sequence: next(event.subject), occurredAt: now, recordedAt: now, actor: actor.key, actorKind: actor.kind,
      data: event.data, derived: event.derived)
    log.append(applied)
    state.apply(applied)
  }

  private mutating func next(_ subject: String) -> Int64 {
    sequences[subject, default: 0] += 1
    return sequences[subject, default: 0]
  }

  // MARK: Looking

  /// A counter of the present window.
  func counter(_ budget: String, _ key: String = "ledger", at moment: Timestamp? = nil) -> BudgetReport.Counter? {
    state.budgetReport(budget, key: ExactText(key), at: moment ?? now, zone: zone, limit: 10)?.counters.first
  }

  /// What is spent, reserved, overrun and unreserved, as text.
  func shown(_ budget: String, _ key: String = "ledger", at moment: Timestamp? = nil) -> String? {
    counter(budget, key, at: moment).map { "\($0.spent) \($0.reserved) \($0.overrun) \($0.unreserved)" }
  }

  /// The events of a type.
  func events(_ type: String) -> [AppliedEvent] { log.filter { $0.type == type } }
}

extension Currency {
  static let usd = Currency("USD")!
}

extension SpendKey {
  static func call(_ model: String = "a", user: String? = nil, team: String? = nil, tier: String? = nil) -> SpendKey {
    SpendKey(operation: "chat", model: model, provider: "p", tier: tier, user: user, team: team)
  }
}

extension SpendEstimate {
  static func usd(_ amount: String, tokens: Int64 = 0) -> SpendEstimate {
    SpendEstimate(cost: Money(Amount(amount)!, .usd), tokens: tokens)
  }
}

extension BudgetVerdict {
  var hasRoom: Bool { if case .room = self { true } else { false } }

  /// The code of a refusal, and when to come back.
  var code: String? {
    guard case .refused(let code, _, let wait, _) = self else { return nil }
    return wait.map { "\(code) \($0)" } ?? code
  }
}

extension JSON {
  /// A configuration of a budget of money in USD.
  static func budget(
    _ scope: String, _ amount: String, window: String = "day", hard: Bool? = nil, thresholds: [String] = [],
    worstCase: String? = nil, enabled: Bool? = nil, currency: String = "USD"
  ) -> JSON {
    .object([
      "scope": .text(scope), "window": .text(window),
      "limit": .object(["amount": .text(amount), "currency": .text(currency)]), "hard": hard.map(JSON.boolean),
      "thresholds": thresholds.isEmpty ? nil : .array(thresholds.map(JSON.text)),
      "worst_case": worstCase.map(JSON.text), "enabled": enabled.map(JSON.boolean),
    ])
  }
}
