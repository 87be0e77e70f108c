import Domain

/// An entry of the log that is to be corrected, and what is booked of it by now.
struct EntryCorrection {
  /// The entry, `{type, position, data, derived}`, as its corrections carry it.
  let entry: JSON
  /// What is booked of it; nil: no cost is known.
  let booked: Money?
  /// True where it was restated or adjusted before.
  let isCorrected: Bool
  /// The day that the correction is posted on.
  let date: CivilDate
  /// The day on which days before it are posted, where the entry is spread over days and some lie in a closed month.
  let notBefore: CivilDate?

  /// - Parameters:
  ///   - last: the last event about the entry; nil where there is none.
  ///   - firstOpen: first day of the first open month.
  init(
    _ event: RecordedEvent, last: RecordedEvent?, zone: ReportingZone, firstOpen: CivilDate?
  ) throws(Refusal) {
    let entry = try Self.entry(event)
    try self.init(
      entry, occurredAt: event.occurredAt, last: last.map { last throws(Refusal) in try Self.derived(last) },
      zone: zone, firstOpen: firstOpen)
  }

  private init(
    _ entry: JSON, occurredAt: Timestamp, last: JSON?, zone: ReportingZone, firstOpen: CivilDate?
  ) throws(Refusal) {
    self.entry = entry
    isCorrected = last != nil
    booked = last.map { $0["after"].flatMap { Money($0) } } ?? Self.money(of: entry)
    let derived = entry["derived"]
    let own = derived?["posting_date"]?.string.flatMap { CivilDate($0) } ?? zone.date(of: occurredAt)
    date = max(own, firstOpen ?? own)
    let accrual = derived?["accrual"]
    let bound = accrual?["not_before"]?.string.flatMap { CivilDate($0) }
    guard let days = accrual.flatMap({ DaySpan($0) }), let firstOpen, days.bounded(by: bound).from < firstOpen else {
      notBefore = bound
      return
    }
    notBefore = firstOpen
  }

  /// What an entry books by itself: a completion what the ledger concluded, others what they say.
  static func money(of entry: JSON) -> Money? {
    switch entry["type"]?.string {
    case "completion.recorded": entry["derived"]?["cost"].flatMap { Money($0) }
    case "cost.incurred": entry["data"]?["cost"].flatMap { Money($0) }
    case "revenue.earned": entry["data"]?["revenue"].flatMap { Money($0) }
    default: nil
    }
  }

  /// The members that every correction concludes besides its own.
  func add(to derived: inout JSON, as member: String) {
    derived[member] = entry
    derived["posting_date"] = .text(date.description)
    derived["not_before"] = notBefore.map { .text($0.description) }
  }

  private static func entry(_ event: RecordedEvent) throws(Refusal) -> JSON {
    do {
      return .object([
        "type": .text(event.type), "position": .integer(event.position), "data": try JSON(parsing: event.data),
        "derived": try event.derived.map { derived throws(JSONFaults) in try JSON(parsing: derived) },
      ])
    } catch { throw .damagedEntry }
  }

  private static func derived(_ event: RecordedEvent) throws(Refusal) -> JSON {
    guard let derived = event.derived.flatMap({ try? JSON(parsing: $0) }) else { throw .damagedEntry }
    return derived
  }
}

extension Refusal {
  fileprivate static let damagedEntry = Refusal(
    code: "entry-damaged", status: 409, detail: "The log's text of this entry cannot be read; verify the log.")
}
