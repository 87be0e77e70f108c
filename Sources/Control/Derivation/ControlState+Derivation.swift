public import Domain

extension ControlState {
  /// Facts recorded later than this after their time are flagged `late`: seven days (design, Money and time).
  static let latenessInMicroseconds: Int64 = 7 * 86_400_000_000

  /// What the ledger concludes about a fact (cost lines, posting date, lateness); persons are added by the writer.
  ///
  /// Never nil today: every fact has at least a posting date.
  public func derive(_ draft: EventDraft, occurredAt: Timestamp, recordedAt: Timestamp, zone: ReportingZone) -> JSON?
  {
    var members: [ExactText: JSON] = [:]
    if draft.type == "completion.recorded" {
      members = priceBook.cost(ofCompletion: draft.body, CompletionUsage.told(by: draft.body), at: occurredAt).members
    }
    let posting = posting(of: draft, occurredAt, zone)
    members["posting_date"] = .text(posting.date.description)
    members["accrual"] = posting.accrualJSON
    members["period"] = posting.period?.json
    if posting.isMoved || Self.isLate(occurredAt, recordedAt) { members["late"] = .boolean(true) }
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
    var cost: CompletionCost?
    var effect: SpendEffect?
    if draft.type == "completion.recorded" {
      let usage = CompletionUsage.told(by: draft.body)
      let known = priceBook.cost(ofCompletion: draft.body, usage, at: occurredAt)
      cost = known
      if let principal, !budgets.table.isEmpty {
        let user = persons.first { $0.pointer == "/user" }?.token
        let fact = SpendFact(draft, usage, cost: known, user: user, by: principal, budgets.table)
        effect = budgets.effect(of: fact, BudgetMoment(recordedAt, zone: zone))
      }
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(512 + 48 * persons.count + 160 * (effect?.charges.count ?? 0))
    let posting = posting(of: draft, occurredAt, zone)
    DerivedFact.append(
      cost: cost, isLate: posting.isMoved || Self.isLate(occurredAt, recordedAt), persons: persons, posting: posting,
      effect: effect, to: &bytes)
    return FactConclusion(derived: bytes, effect: effect, posting: posting)
  }

  /// The days that books post a fact to, none of them in a closed month: the day of `earned_at` for a revenue; those of
  /// its period for a cost; for an invoice the day of `issued_at`, else the last one of its period; else the fact's own.
  private func posting(of draft: EventDraft, _ occurredAt: Timestamp, _ zone: ReportingZone) -> FactPosting {
    switch draft.type {
    case "revenue.earned":
      return FactPosting(
        Self.date("earned_at", draft, zone) ?? zone.date(of: occurredAt), firstOpen: periods.firstOpen)
    case "cost.incurred":
      guard let days = Self.days(of: draft, zone) else {
        return FactPosting(
          Self.date("period_start", draft, zone) ?? zone.date(of: occurredAt), firstOpen: periods.firstOpen)
      }
      return FactPosting(days.from, accrual: days, firstOpen: periods.firstOpen)
    case "invoice.received":
      guard let days = Self.days(of: draft, zone) else { break }
      return FactPosting(
        Self.date("issued_at", draft, zone) ?? days.through, period: days, firstOpen: periods.firstOpen)
    default: break
    }
    return FactPosting(zone.date(of: occurredAt), firstOpen: periods.firstOpen)
  }

  private static func date(_ member: String, _ draft: EventDraft, _ zone: ReportingZone) -> CivilDate? {
    guard let text = draft.body[member]?.string else { return nil }
    return Timestamp(rfc3339: text).map { zone.date(of: $0) } ?? CivilDate(text)
  }

  private static func days(of draft: EventDraft, _ zone: ReportingZone) -> DaySpan? {
    guard let start = draft.body["period_start"]?.string.flatMap({ Timestamp(rfc3339: $0) }),
      let end = draft.body["period_end"]?.string.flatMap({ Timestamp(rfc3339: $0) })
    else { return nil }
    return DaySpan(of: start, to: end, in: zone)
  }

  private static func isLate(_ occurredAt: Timestamp, _ recordedAt: Timestamp) -> Bool {
    recordedAt.microseconds - occurredAt.microseconds > latenessInMicroseconds
  }
}
