import DaybookClient
import Domain

/// Commands of the budgets.
enum BudgetCommands {
  static let all: [CommandDescription] = [list, show, set, enable, disable]

  private static let list = CommandDescription(
    path: ["budgets", "list"], summary: "Show the budgets and limits", options: CommonOptions.service
  ) { invocation in
    try await CommandAnswer.list(
      invocation, "budgets", member: "budgets",
      columns: ["budget", "kind", "scope", "window", "limit", "tokens", "hard", "thresholds", "enabled"].map {
        .init($0)
      },
      ifNone: "no budgets")
  }

  private static let show = CommandDescription(
    path: ["budgets", "show"], summary: "Show how a budget stands in its present window",
    discussion: """
      Spent is booked; reserved is held for calls that were let through and are not settled yet. Overrun is what settled
      calls cost beyond their reservations, unreserved what no reservation stood for; both are part of spent. Projected is
      what would be spent by the end of the window, going on as since its start.
      """,
    operands: [budget],
    options: [
      .value("--key", "NAME", "Only this counter: a user, a team, a model, a tier."),
      .value("--limit", "N", "Most counters to show, those with most first.", usual: "100"),
    ] + CommonOptions.service,
    examples: [("daybook budgets show per-user-day --key eve", "How one user stands")]
  ) { invocation in
    let query = [("key", invocation["--key"]), ("limit", invocation["--limit"])].compactMap { name, value in
      value.map { (name: name, value: $0) }
    }
    let root = try await invocation.service().send("GET", path(invocation), query: query).json()
    let counters = root["counters"]?.elements ?? []
    if invocation.format == .table, let window = root["window"] {
      let resets = window["resets_at"]?.string.map { ", resets at \($0)" } ?? ""
      let elapsed = window["elapsed"]?.string.map { ", \($0) of it gone by" } ?? ""
      Console.print(DisplayWidth.harmless("Window \(window["name"]?.string ?? "?")\(resets)\(elapsed)"))
    }
    Console.write(
      Array(invocation.rows.text(counters, columns: columns(counters), whole: root, ifNone: "nothing counted").utf8))
    return .done
  }

  private static let budget = OperandDescription(name: "BUDGET", help: "Its id, without a slash.")

  private static func columns(_ counters: [JSONView]) -> [RowWriter.Column] {
    if counters.first?["tokens"] != nil { return ["key", "tokens", "left"].map { .init($0) } }
    let names = [
      "key", "spent", "reserved", "left", "overrun", "unreserved", "calls", "used", "allowed", "projected",
    ]
    return names.filter { name in counters.contains { $0[name] != nil } }.map { .init($0) }
  }

  private static func path(_ invocation: Invocation) -> String {
    "budgets/\(CommandAnswer.escaped(invocation.operand(0) ?? ""))"
  }

  private static let set = CommandDescription(
    path: ["budgets", "set"], summary: "Make or change a budget or a limit",
    discussion: """
      What is not named stays as it is; what was spent stays whatever changes. Scope, window, kind and currency are fixed
      once the budget is made. A new budget and a tighter one are free; raising, softening and taking thresholds away needs a
      second human, or, alone and reviewed later, --break-glass. With * each user, team, … has a counter of its own.
      """,
    operands: [budget],
    options: [
      .value(
        "--scope", "SCOPE",
        "ledger, or a name or * under user/, team/, operation/, model/, provider/, strategy/, tier/."),
      .value("--window", "WINDOW", "How long it counts.", allowed: ["day", "month", "total"]),
      .value("--limit", "AMOUNT", "The most that may be spent and reserved in a window."),
      .value("--currency", "CODE", "ISO 4217.", usual: "USD"),
      .flag("--hard", "Refuse what has no room."), .flag("--soft", "Warn only."),
      .value("--threshold", "AMOUNT", "Record when it is reached; replaces the present ones.", isRepeatable: true),
      .flag("--no-thresholds", "Record no crossing."),
      .value(
        "--worst-case", "AMOUNT", "What stands for a call whose cost is not known; none: a hard budget refuses it."),
      .value("--tokens", "N", "Limit tokens in any sixty seconds instead of money."),
      .value("--share", "TIER=SHARE", "Limit a tier's share of the spend, such as cheap=0.8.", isRepeatable: true),
      .value("--judged-from", "AMOUNT", "Spend of a window from which on shares are judged.", usual: "0"),
      .value("--note", "TEXT", "For people."),
    ] + ChangeAnswer.options,
    examples: [
      (
        "daybook budgets set per-user-day --scope 'user/*' --window day --limit 50 --threshold 25",
        "50 USD for each user and day, recorded at 25"
      ),
      ("daybook budgets set planning --scope operation/planning --tokens 8000", "8,000 tokens a minute"),
      (
        "daybook budgets set mix --scope ledger --window day --share cheap=0.8 --share mid=0.15 --share strong=0.05",
        "Warn when a tier has more than its share"
      ),
    ]
  ) { invocation in
    try await put(invocation) { try change(&$0, invocation) }
  }

  private static let enable = CommandDescription(
    path: ["budgets", "enable"], summary: "Let a budget refuse or warn again", operands: [budget],
    options: ChangeAnswer.options
  ) { invocation in
    try await put(invocation) { $0["enabled"] = .boolean(true) }
  }

  private static let disable = CommandDescription(
    path: ["budgets", "disable"], summary: "Let a budget count on without a word", operands: [budget],
    options: ChangeAnswer.options
  ) { invocation in
    try await put(invocation) { $0["enabled"] = .boolean(false) }
  }

  private static func put(_ invocation: Invocation, _ change: (inout JSON) throws -> Void) async throws -> ExitCode {
    let path = path(invocation)
    let present = try await ChangeAnswer.present(invocation, path, member: "budget")
    var budget = present?.configuration ?? .object(JSONObject())
    for member in ["budget", "created_at"] { budget[member] = nil }
    try change(&budget)
    return try await ChangeAnswer.put(invocation, path, budget, readAt: present?.sequence ?? 0)
  }

  private static func change(_ budget: inout JSON, _ invocation: Invocation) throws {
    for member in ["scope", "window", "note"] {
      if let value = invocation["--\(member)"] { budget[member] = .text(value) }
    }
    func money(_ amount: String, _ present: JSON?) -> JSON {
      let currency = invocation["--currency"] ?? present?["currency"]?.string ?? "USD"
      return .object(["amount": .text(amount), "currency": .text(currency)])
    }
    if let limit = invocation["--limit"] { budget["limit"] = money(limit, budget["limit"]) }
    if let isHard = try invocation.either("--hard", "--soft") { budget["hard"] = .boolean(isHard) }
    if let worst = invocation["--worst-case"] { budget["worst_case"] = worst == "none" ? nil : .text(worst) }
    let thresholds = invocation.all("--threshold")
    if !thresholds.isEmpty { budget["thresholds"] = .array(thresholds.map { .text($0) }) }
    if invocation.has("--no-thresholds") { budget["thresholds"] = nil }
    if let tokens = try invocation.integer("--tokens", in: 1...1_000_000_000_000) {
      budget["tokens"] = .integer(tokens)
      budget["kind"] = .text("tokens_per_minute")
    }
    let shares = invocation.all("--share")
    if !shares.isEmpty {
      budget["shares"] = .array(try shares.map { try share($0, invocation) })
      budget["kind"] = .text("tier_share")
      if budget["judged_from"] == nil { budget["judged_from"] = money("0", nil) }
    }
    if let from = invocation["--judged-from"] { budget["judged_from"] = money(from, budget["judged_from"]) }
  }

  private static func share(_ text: String, _ invocation: Invocation) throws(UsageError) -> JSON {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2 else {
      throw UsageError("--share takes TIER=SHARE, such as cheap=0.8", invocation.command)
    }
    return .object(["tier": .text(parts[0]), "share": .text(parts[1])])
  }
}
