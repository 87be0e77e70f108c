import Domain

/// Random but valid histories of money: completions with and without decisions, costs over periods, revenue, reversals,
/// restatements, adjustments, closings, invoices and rates, in several currencies and in a zone with its own days.
struct FinanceHistory {
  private(set) var events: [LoggedEvent] = []
  private var random: SeededGenerator
  private let zone: ReportingZone
  /// Entries that can still be corrected, with what is booked of them now.
  private var entries: [(position: Int64, event: LoggedEvent, booked: JSON?, isCorrected: Bool)] = []
  private var openCalls: [String] = []
  private var firstOpen = CivilDate("2026-01-01")!
  private var closings = ["2026-02-01", "2026-03-01", "2026-04-01"].map { CivilDate($0)! }

  /// New York, with the clocks going forward on 2026-03-08 and back on 2025-11-02.
  static let newYork = ReportingZone(
    identifier: "America/New_York", initialOffset: -18_000,
    transitions: [
      .init(from: Timestamp(rfc3339: "2026-03-08T07:00:00Z")!, offset: -14_400)
    ])
  /// Kathmandu, a quarter of an hour off.
  static let kathmandu = ReportingZone(identifier: "Asia/Kathmandu", initialOffset: 20_700, transitions: [])

  static let models = ["deepseek", "gemini_flash", "e\u{301}", "é", "qwen:7b"]
  static let strategies = ["s", "t:u", "Allocated"]

  init(seed: UInt64, count: Int, zone: ReportingZone = .utc) {
    random = SeededGenerator(seed: seed)
    self.zone = zone
    events.append(
      LoggedEvent(
        type: "ledger.opened", subject: "ledger/main", data: members(["reporting_currency": .text("USD")])))
    while events.count < count { step(of: count) }
  }

  private mutating func step(of count: Int) {
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<42: complete()
    case 42..<48: decide()
    case 48..<60: incur()
    case 60..<70: earn()
    case 70..<80: reverse()
    case 80..<92: correct()
    case 92..<95: bill()
    case 95..<97: list()
    case 97: close(after: count / 4)
    default: events.append(LoggedEvent(type: "x.noise", subject: "noise/1", data: members(["n": .integer(1)])))
    }
  }

  private mutating func pick<Value>(_ values: [Value]) -> Value { values.randomElement(using: &random)! }
  private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

  private mutating func money() -> JSON {
    members([
      "amount": .text(
        pick([
          "0", "0.000000000001", "1.25", "-0.5", "999999999999.999999999999", "0.104534631", "12", "0.0000000003",
          "-0.000000000007", "100",
        ])), "currency": .text(pick(["USD", "USD", "EUR", "JPY"])),
    ])
  }

  /// A moment near the turn of a year, of months, or of the clocks.
  private mutating func moment() -> Timestamp {
    let near = pick([
      "2025-12-31T23:59:59.999999Z", "2026-01-01T00:00:00Z", "2026-01-31T23:30:00Z", "2026-02-28T18:30:00Z",
      "2026-03-01T04:30:00Z", "2026-03-08T07:00:00Z", "2026-03-08T04:59:00Z", "2026-02-14T12:00:00Z",
    ])
    let start = Timestamp(rfc3339: near)!.microseconds
    return Timestamp(microseconds: start + Int64.random(in: -2...2, using: &random) * 3_600_000_000)
  }

  private func posting(_ day: CivilDate) -> CivilDate { max(day, firstOpen) }

  private mutating func remember(_ event: LoggedEvent, _ booked: JSON?) {
    events.append(event)
    entries.append((Int64(events.count), event, booked, false))
  }

  private mutating func complete() {
    var data: JSON = members([
      "operation": .text(pick(["chat_message", "agent_execution"])), "model": .text(pick(Self.models)),
      "provider": .text(pick(["a", "b"])), "status": .text(pick(["ok", "ok", "error", "absorbed"])),
      "usage": members(["input_tokens": .integer(pick([0, 5, 100]))]),
    ])
    if chance(60) { data["strategy"] = .text(pick(Self.strategies)) }
    if chance(30) { data["reported_cost"] = money() }
    var derived: JSON = members(["posting_date": .text(posting(zone.date(of: moment())).description)])
    let cost = chance(20) ? nil : money()
    if let cost {
      derived["cost"] = cost
      derived["basis"] = .text(pick(["computed", "computed", "reported"]))
    } else {
      derived["unpriced"] = .boolean(true)
    }
    let call = !openCalls.isEmpty && chance(60) ? openCalls.removeLast() : "call/\(events.count)"
    if chance(15) { openCalls.append(call) }
    remember(LoggedEvent(type: "completion.recorded", subject: call, data: data, derived: derived), cost)
  }

  private mutating func decide() {
    let call = "call/d\(events.count)"
    openCalls.append(call)
    let estimate: JSON = chance(80) ? members(["cost": money()]) : .object([:])
    events.append(
      LoggedEvent(
        type: "route.decided", subject: call,
        data: members([
          "operation": .text("chat_message"), "model": .text(pick(Self.models)), "provider": .text(pick(["a", "b"])),
        ]), derived: members(["estimate": estimate]), typeVersion: pick([1, 2, 2, 2])))
  }

  private mutating func incur() {
    let start = moment()
    // Empty, within a day, over a month's end, over a year's end, over the changes of the clocks.
    let hours = pick([0, 1, 24, 25, 24 * 7, 24 * 31, 24 * 70, -24 * 20])
    let end = Timestamp(microseconds: start.microseconds + Int64(abs(hours)) * 3_600_000_000)
    let from = zone.date(of: hours < 0 ? Timestamp(microseconds: start.microseconds - 864_000_000_000) : start)
    let through = end == start ? from : zone.date(of: Timestamp(microseconds: end.microseconds - 1))
    let cost = money()
    var data: JSON = members([
      "category": .text(pick(["ai_inference", "vm", "api_service", "other"])), "cost": cost,
    ])
    if chance(40) { data["model"] = .text(pick(Self.models)) }
    if chance(40) { data["strategy"] = .text(pick(Self.strategies)) }
    if chance(50) { data["provider"] = .text(pick(["a", "b"])) }
    var derived: JSON = members(["posting_date": .text(posting(from).description)])
    // Events of older writers have no accrual.
    if chance(90) {
      derived["accrual"] = members(["from": .text(from.description), "through": .text(through.description)])
      if from < firstOpen { derived["accrual"]?["not_before"] = .text(firstOpen.description) }
    }
    remember(LoggedEvent(type: "cost.incurred", subject: "cost/\(events.count)", data: data, derived: derived), cost)
  }

  private mutating func earn() {
    let revenue = money()
    var data: JSON = members(["strategy": .text(pick(Self.strategies + ["idle"])), "revenue": revenue])
    if chance(40) { data["model"] = .text(pick(Self.models)) }
    if chance(40) { data["operation"] = .text(pick(["chat_message", "agent_execution"])) }
    remember(
      LoggedEvent(
        type: "revenue.earned", subject: "revenue/\(events.count)", data: data,
        derived: members(["posting_date": .text(posting(zone.date(of: moment())).description)])), revenue)
  }

  /// What the ledger concludes of a correction: its day, and the first open day where some accrued day is closed.
  private func correction(of event: LoggedEvent) -> JSON {
    let day = CivilDate(event.derived?["posting_date"]?.string ?? "")!
    var derived: JSON = members(["posting_date": .text(posting(day).description)])
    if let from = event.derived?["accrual"]?["from"]?.string.flatMap({ CivilDate($0) }), from < firstOpen {
      derived["not_before"] = .text(firstOpen.description)
    }
    return derived
  }

  private func entry(_ position: Int64, _ event: LoggedEvent) -> JSON {
    members([
      "type": .text(event.type), "position": .integer(position), "data": event.data,
      "derived": event.derived ?? .null,
    ])
  }

  private mutating func reverse() {
    guard let place = entries.indices.randomElement(using: &random) else { return }
    let entry = entries.remove(at: place)
    var derived = correction(of: entry.event)
    derived["reversed"] = self.entry(entry.position, entry.event)
    if entry.isCorrected { derived["effective"] = entry.booked }
    events.append(
      LoggedEvent(
        type: "entry.reversed", subject: "entry/\(entry.position)",
        data: members(["reverses": .integer(entry.position), "reason": .text("wrong")]), derived: derived))
  }

  private mutating func correct() {
    let candidates = entries.indices.filter { entries[$0].event.type != "revenue.earned" }
    guard let place = candidates.randomElement(using: &random) else { return }
    let entry = entries[place]
    let isAdjustment = entry.event.type == "completion.recorded" && chance(50)
    let after = money()
    var derived = correction(of: entry.event)
    derived["entry"] = self.entry(entry.position, entry.event)
    derived["after"] = after
    if let before = entry.booked { derived["before"] = before }
    entries[place].booked = after
    entries[place].isCorrected = true
    let data: JSON =
      isAdjustment
      ? members(["adjusts": .integer(entry.position), "rerate": .text("r1")])
      : members(["restates": .integer(entry.position), "cost": after, "reason": .text("billed otherwise")])
    events.append(
      LoggedEvent(
        type: isAdjustment ? "entry.adjusted" : "cost.restated", subject: "entry/\(entry.position)", data: data,
        derived: derived))
  }

  private mutating func bill() {
    let period = pick([["2026-01-01", "2026-01-31"], ["2026-02-01", "2026-02-28"], ["2026-01-01", "2026-03-31"]])
    var lines: [JSON] = []
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      var line: JSON = members(["cost": money(), "quantity": .text("1.5"), "unit": .text("1M tokens")])
      if chance(75) { line["model"] = .text(pick(Self.models)) } else { line["sku"] = .text("support") }
      lines.append(line)
    }
    var data: JSON = members(["provider": .text(pick(["a", "b"])), "lines": .array(lines)])
    if chance(60) { data["number"] = .text(pick(["4711", "4712"])) }
    events.append(
      LoggedEvent(
        type: "invoice.received", subject: "invoice/i\(events.count)", data: data,
        derived: members([
          "posting_date": .text(posting(CivilDate(period[1])!).description),
          "period": members(["from": .text(period[0]), "through": .text(period[1])]),
        ])))
  }

  private mutating func list() {
    let pair = pick([["EUR", "USD"], ["USD", "JPY"], ["EUR", "JPY"]])
    events.append(
      LoggedEvent(
        type: "rate.listed", subject: "rate/\(pair[0])-\(pair[1])",
        data: members([
          "base": .text(pair[0]), "quote": .text(pair[1]),
          "rate": .text(pick(["1.1", "1.085", "155.003", "0.000000000001", "3"])),
        ]), derived: members(["valid_from": .text(posting(zone.date(of: moment())).description)])))
  }

  private mutating func close(after: Int) {
    guard events.count > after, !closings.isEmpty, chance(50) else { return }
    firstOpen = closings.removeFirst()
    events.append(
      LoggedEvent(
        type: "period.closed", subject: "period/\(firstOpen)", data: members(["period": .text("month")]),
        derived: members(["first_open": .text(firstOpen.description)])))
  }

  /// The first `count` events as `daybook events --format ndjson` writes them.
  func lines(_ count: Int) -> [UInt8] {
    events.prefix(count).enumerated().flatMap { index, event in
      let record: JSON = members([
        "event": members([
          "type": .text(event.type), "subject": .text(event.subject), "position": .text("\(index + 1)"),
          "typeversion": .integer(Int64(event.typeVersion)), "data": event.data,
        ]), "derived": event.derived ?? .object([:]),
      ])
      return record.canonical + [UInt8(ascii: "\n")]
    }
  }
}
