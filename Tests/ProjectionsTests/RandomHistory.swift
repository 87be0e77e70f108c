import Domain

/// Random but valid histories: completions, costs, revenue, reversals, approvals, kill switches, and types nobody posts.
struct RandomHistory {
  private(set) var events: [LoggedEvent] = []
  private var random: SeededGenerator
  private var reversible: [Int] = []
  /// What is booked of entries that were corrected.
  private var corrected: [Int: JSON] = [:]
  private var openApprovals: [String] = []
  private var unreviewed: [String] = []
  private var activeScopes: [String: Int64] = [:]

  static let classes = [
    "input_tokens", "cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens", "output_tokens",
    "reasoning_tokens", "audio_input_tokens", "audio_output_tokens", "image_tokens", "characters", "images",
    "requests", "audio_ms",
  ]

  init(seed: UInt64, count: Int) {
    random = SeededGenerator(seed: seed)
    while events.count < count { events.append(next()) }
  }

  private mutating func next() -> LoggedEvent {
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<55: return remember(completion())
    case 55..<62: return remember(cost())
    case 62..<70: return remember(revenue())
    case 70..<77: return reversal() ?? remember(completion())
    case 77..<80: return restatement() ?? remember(completion())
    case 80..<87: return approval()
    case 87..<92: return killSwitch()
    default: return noise()
    }
  }

  private mutating func remember(_ event: LoggedEvent) -> LoggedEvent {
    reversible.append(events.count)
    return event
  }

  private mutating func pick<Value>(_ values: [Value]) -> Value { values.randomElement(using: &random)! }

  private mutating func amount() -> String {
    pick([
      "0", "0.000000000001", "1.25", "-0.5", "999999999999.999999999999", "0.104534631", "12", "0.0000000003",
    ])
  }

  private mutating func money() -> JSON {
    members(["amount": .text(amount()), "currency": .text(pick(["USD", "USD", "EUR"]))])
  }

  private mutating func day() -> String { pick(["2026-01-31", "2026-02-01", "2026-02-28", "2026-03-01"]) }

  private mutating func completion() -> LoggedEvent {
    var usage: [ExactText: JSON] = [:]
    for name in Self.classes where Bool.random(using: &random) {
      usage[ExactText(name)] = .integer(pick([0, 1, 77, 20_000, 9_007_199_254_740_991 / 4096]))
    }
    var data: JSON = members([
      "operation": .text(pick(["chat_message", "é", "e\u{301}", "agent_execution"])),
      "model": .text(pick(["deepseek", "gemini_flash"])), "provider": .text(pick(["a", "b"])),
      "status": .text(pick(["ok", "ok", "ok", "error", "aborted", "absorbed"])), "usage": .object(usage),
    ])
    if data["status"]?.string != "ok", Bool.random(using: &random) {
      data["error_code"] = .text(pick(["timeout", "overloaded"]))
    }
    if Int.random(in: 0..<9, using: &random) > 0 {
      let reach: Int64 = pick([0, 12, 400, 60_000, 40_000_000])
      data["latency_ms"] = .integer(Int64.random(in: 0...reach, using: &random))
    }
    if Bool.random(using: &random) { data["team"] = .text(pick(["red", "blue", "x,\"y\""])) }
    var derived: JSON = members(["posting_date": .text(day())])
    if Int.random(in: 0..<5, using: &random) == 0 {
      derived["unpriced"] = .boolean(true)
    } else {
      derived["cost"] = money()
      derived["basis"] = .text("computed")
    }
    if Bool.random(using: &random) { derived["persons"] = members(["/user": .text(pick(["p_u1", "p_u2", "p_u3"]))]) }
    return LoggedEvent(
      type: "completion.recorded", subject: "call/\(events.count)", data: data, derived: derived)
  }

  private mutating func cost() -> LoggedEvent {
    var data: JSON = members(["category": .text("vm"), "cost": money()])
    if Bool.random(using: &random) { data["model"] = .text(pick(["deepseek", "gemini_flash"])) }
    return LoggedEvent(
      type: "cost.incurred", subject: "cost/\(events.count)", data: data,
      derived: members(["posting_date": .text(day())]))
  }

  private mutating func revenue() -> LoggedEvent {
    var data: JSON = members(["strategy": .text("s"), "revenue": money()])
    if Bool.random(using: &random) { data["model"] = .text(pick(["deepseek", "gemini_flash"])) }
    return LoggedEvent(
      type: "revenue.earned", subject: "revenue/\(events.count)", data: data,
      derived: members(["posting_date": .text(day())]))
  }

  private mutating func reversal() -> LoggedEvent? {
    guard let place = reversible.indices.randomElement(using: &random) else { return nil }
    let index = reversible.remove(at: place)
    var derived: JSON = members([
      "posting_date": events[index].derived?["posting_date"] ?? .null, "reversed": entry(index),
    ])
    if let booked = corrected[index] { derived["effective"] = booked }
    return LoggedEvent(
      type: "entry.reversed", subject: "entry/\(index + 1)",
      data: members(["reverses": .integer(Int64(index + 1)), "reason": .text("wrong")]), derived: derived)
  }

  /// An entry as corrections carry it.
  private func entry(_ index: Int) -> JSON {
    members([
      "type": .text(events[index].type), "position": .integer(Int64(index + 1)), "data": events[index].data,
      "derived": events[index].derived ?? .null,
    ])
  }

  /// Another cost of a completion, known or not before.
  private mutating func restatement() -> LoggedEvent? {
    let candidates = reversible.filter { events[$0].type == "completion.recorded" }
    guard let index = candidates.randomElement(using: &random) else { return nil }
    let after = money()
    var derived: JSON = members(["posting_date": .text(day()), "entry": entry(index), "after": after])
    if let before = corrected[index] ?? events[index].derived?["cost"] { derived["before"] = before }
    corrected[index] = after
    return LoggedEvent(
      type: "cost.restated", subject: "entry/\(index + 1)",
      data: members(["restates": .integer(Int64(index + 1)), "cost": after, "reason": .text("billed otherwise")]),
      derived: derived)
  }

  private mutating func approval() -> LoggedEvent {
    if Int.random(in: 0..<6, using: &random) == 0 { return brokenGlass() }
    guard !openApprovals.isEmpty, Bool.random(using: &random) else {
      let id = "a\(events.count)"
      openApprovals.append(id)
      return LoggedEvent(
        type: "approval.requested", subject: "approval/\(id)",
        data: members([
          "kind": .text("budget_change"), "change": members(["to": .text("50")]),
          "risk": .text(pick(["low", "medium", "high"])),
          "evidence": .array([members(["kind": .text("note"), "title": .text("why")])]),
          "expires_at": .text("2026-04-01T00:00:00.000000Z"),
        ]), derived: members(["owner": .text("ann"), "quorum": .integer(2), "state": .text("requested")]))
    }
    let place = openApprovals.indices.randomElement(using: &random)!
    let id = openApprovals[place]
    let isFirstOfTwo = Int.random(in: 0..<3, using: &random) == 0
    if !isFirstOfTwo { openApprovals.remove(at: place) }
    let type =
      isFirstOfTwo ? "granted" : pick(["granted", "rejected", "withdrawn", "expired", "consumed", "revoked"])
    return LoggedEvent(
      type: "approval.\(type)", subject: "approval/\(id)",
      data: members(["approval": .text(id), "reason": .text("because")]),
      derived: members([
        "owner": .text("bob"), "state": .text(isFirstOfTwo ? "requested" : type), "consumed_by": .text("route/r"),
      ]))
  }

  private mutating func brokenGlass() -> LoggedEvent {
    guard !unreviewed.isEmpty, Bool.random(using: &random) else {
      let id = "b\(events.count)"
      unreviewed.append(id)
      return LoggedEvent(
        type: "breakglass.used", subject: "breakglass/\(id)",
        data: members([
          "breakglass": .text(id), "change": members(["to": .text("50")]), "kind": .text("loosening"),
          "risk": .text(pick(["low", "medium", "high"])), "reason": .text("alone"),
        ]), derived: members(["owner": .text("ann"), "why": .text("it runs again")]))
    }
    let id = unreviewed.remove(at: unreviewed.indices.randomElement(using: &random)!)
    return LoggedEvent(
      type: "breakglass.reviewed", subject: "breakglass/\(id)",
      data: members([
        "breakglass": .text(id), "verdict": .text(pick(["justified", "unjustified"])), "reason": .text("looked"),
      ]), derived: members(["owner": .text("bob")]))
  }

  private mutating func killSwitch() -> LoggedEvent {
    let scope = pick(["global", "model/deepseek", "team/red"])
    if Bool.random(using: &random) { return denial() }
    let isActive = activeScopes[scope] != nil
    activeScopes[scope] = isActive ? nil : Int64(events.count + 1)
    return LoggedEvent(
      type: isActive ? "killswitch.deactivated" : "killswitch.activated", subject: "kill-switch/\(scope)",
      data: members(["scope": .text(scope), "reason": .text("r\(events.count)"), "triggered_by": .text("cli")]),
      derived: members(["owner": .text("ann")]))
  }

  /// A decision of the ledger's that met every active switch, and a position that is no activation.
  private mutating func denial() -> LoggedEvent {
    LoggedEvent(
      type: "route.denied", subject: "call/\(events.count)", data: members(["operation": .text("chat_message")]),
      derived: members([
        "outcome": .text(pick(["denied", "denied", "needs_approval"])),
        "relied_on": members(["kill_switches": .array(activeScopes.values.sorted().map(JSON.integer) + [.integer(0)])]
        ),
      ]), typeVersion: 2)
  }

  private mutating func noise() -> LoggedEvent {
    LoggedEvent(
      type: pick(["route.decided", "x.shop.sold", "price.listed"]), subject: "noise/\(events.count)",
      data: members(["n": .integer(Int64(events.count))]))
  }
}

/// An object of JSON; the enumeration's own case takes keys that a literal cannot tell apart from texts.
func members(_ pairs: KeyValuePairs<String, JSON>) -> JSON {
  .object(Dictionary(uniqueKeysWithValues: pairs.map { (ExactText($0.key), $0.value) }))
}
