public import Domain

extension ControlState {
  /// Facts recorded later than this after their time are flagged `late`: seven days (design, Money and time).
  static let latenessInMicroseconds: Int64 = 7 * 86_400_000_000

  /// What the ledger concludes about a fact (cost lines, posting date, lateness); persons are added by the writer.
  ///
  /// Never nil today: every fact has at least a posting date.
  public func derive(_ draft: EventDraft, occurredAt: Timestamp, recordedAt: Timestamp, zone: ReportingZone) -> JSON?
  {
    var members = draft.type == "completion.recorded" ? cost(of: draft, at: occurredAt).members : [:]
    members["posting_date"] = .text(Self.postingDate(of: draft, occurredAt, zone).description)
    if Self.isLate(occurredAt, recordedAt) { members["late"] = .boolean(true) }
    return .object(members)
  }

  /// What `derive` concludes, persons and effect on budgets included, as canonical bytes.
  ///
  /// The writer's hot path: no JSON value is built. Each pointer of `persons` stands once.
  ///
  /// - Parameter principal: who reports the fact; nil leaves budgets alone.
  public func conclude(
    _ draft: EventDraft, occurredAt: Timestamp, recordedAt: Timestamp, zone: ReportingZone,
    persons: [(pointer: String, token: String)], by principal: Principal?
  ) -> FactConclusion {
    let cost = draft.type == "completion.recorded" ? cost(of: draft, at: occurredAt) : nil
    var effect: SpendEffect?
    if let cost, let principal {
      effect = self.effect(of: draft, cost: cost, persons: persons, by: principal, now: recordedAt, zone: zone)
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(256 + 48 * persons.count + 160 * (effect?.charges.count ?? 0))
    DerivedFact.append(
      cost: cost, isLate: Self.isLate(occurredAt, recordedAt), persons: persons,
      postingDate: Self.postingDate(of: draft, occurredAt, zone), effect: effect, to: &bytes)
    return FactConclusion(derived: bytes, effect: effect)
  }

  /// The cost of a completion, by the prices in force at its time.
  private func cost(of draft: EventDraft, at moment: Timestamp) -> CompletionCost {
    let reported = draft.body["reported_cost"].flatMap(Self.money)
    if draft.body["usage_source"]?.isString("absent") == true {
      return reported.map { .reported($0) } ?? .unpriced
    }
    let provider = draft.body["provider"]?.string
    let prices = draft.body["model"]?.string.flatMap { priceBook.prices(of: $0, provider: provider) }
    let usage = CompletionUsage.classes(of: draft.body["usage"])
    let tier = draft.body["service_tier"]?.string.flatMap(ServiceTier.init(rawValue:)) ?? .standard
    let terms = CallTerms(serviceTier: tier, usage: usage)
    return CompletionCost.derive(usage: usage, reported: reported) {
      prices?.price(of: $0, provider: provider, at: moment, terms: terms)
    }
  }

  private static func money(_ view: JSONView) -> Money? {
    guard let amount = view["amount"]?.string.flatMap({ Amount($0) }),
      let currency = view["currency"]?.string.flatMap({ Currency($0) })
    else { return nil }
    return Money(amount, currency)
  }

  /// The zone's date that books post a fact to: of `earned_at` for a revenue, of `period_start` for a cost, of the
  /// fact's time for all others.
  private static func postingDate(of draft: EventDraft, _ occurredAt: Timestamp, _ zone: ReportingZone) -> CivilDate {
    let member: String
    switch draft.type {
    case "revenue.earned": member = "earned_at"
    case "cost.incurred": member = "period_start"
    default: return zone.date(of: occurredAt)
    }
    guard let text = draft.body[member]?.string else { return zone.date(of: occurredAt) }
    if let moment = Timestamp(rfc3339: text) { return zone.date(of: moment) }
    return CivilDate(text) ?? zone.date(of: occurredAt)
  }

  private static func isLate(_ occurredAt: Timestamp, _ recordedAt: Timestamp) -> Bool {
    recordedAt.microseconds - occurredAt.microseconds > latenessInMicroseconds
  }
}
