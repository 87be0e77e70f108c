import Control
import Domain
import HTTP
import Log
import Postgres

extension API {
  /// Most counters of one answer, and how many where nobody says.
  static let mostCounters: Int64 = 1_000
  static let usualCounters: Int64 = 100

  /// The budgets as they are configured.
  func listBudgets(_ call: Call) async throws -> HTTPResponse {
    let (position, listed) = try await registry.writer(call.ledger).look { memory in
      (
        memory.position,
        memory.state.allBudgets.map { ($0, memory.state.mark(of: "budget/\($0.id)")?.sequence ?? 0) }
      )
    }
    let names = try await names(of: listed.compactMap(\.0.userToken), in: call.ledger)
    let budgets = listed.map { budget, sequence in Self.described(budget, sequence, names) }
    return .json(
      200, JSON.object(["position": .integer(position), "budgets": .array(budgets)]).canonical)
  }

  /// How a budget stands in its present window.
  func readBudget(_ call: Call) async throws -> HTTPResponse {
    var query = try QueryReader(call.request, allowed: ["key", "limit"])
    let named = query.value("key")
    let limit = try query.integer("limit", in: 1...Self.mostCounters) ?? Self.usualCounters
    try query.finish()
    let id = call.parameter("budget")
    // Users are counted by token; who has none was never counted.
    let token = try await token(ofUser: named, in: call.ledger)
    let found = try await registry.writer(call.ledger).look { memory -> (Int64, BudgetReport, Int64)? in
      let state = memory.state
      let zone = state.settings.map { ReportingZones.table($0.timeZone) } ?? .utc
      let isOfUsers = state.isOfUsers(id)
      let key = (isOfUsers ? token ?? named : named).map { ExactText($0) }
      let now = max(.now, memory.recordedAt ?? .now)
      let report = state.budgetReport(id, key: key, at: now, zone: zone, limit: Int(limit))
      return report.map { (memory.position, $0, state.mark(of: "budget/\(id)")?.sequence ?? 0) }
    }
    guard let (position, report, sequence) = found else {
      throw RequestFault(.notFound, detail: "There is no budget of that id.")
    }
    var tokens = report.budget.scope.dimension == .user ? report.counters.map(\.key.string) : []
    tokens += [report.budget.userToken].compactMap { $0 }
    let names = try await names(of: tokens, in: call.ledger)
    return .json(
      200,
      JSON.object([
        "position": .integer(position), "budget": Self.described(report.budget, sequence, names),
        "window": report.windowJSON, "counters": .array(report.counters.map { report.json($0, names) }),
        "total": report.total.map { report.json($0, names) }, "counter_count": .integer(Int64(report.counterCount)),
      ]).canonical)
  }

  /// With the names of persons, and the sequence that a change of it may name.
  private static func described(_ budget: Budget, _ sequence: Int64, _ names: [String: String]) -> JSON {
    var json = budget.json
    if let name = budget.userToken.flatMap({ names[$0] }) { json["scope"] = .text("user/" + name) }
    json["sequence"] = .integer(sequence)
    json["position"] = .integer(budget.position)
    json["created_at"] = .text(budget.createdAt.description)
    return json
  }

  /// The names that tokens stand for, as far as they are known.
  func names(of tokens: [String], in ledger: String) async throws -> [String: String] {
    if tokens.isEmpty { return [:] }
    return try await registry.withConnection { try PersonTokens.names($0, ledger: ledger, of: tokens) }
  }

  private func token(ofUser name: String?, in ledger: String) async throws -> String? {
    guard let name else { return nil }
    let person = PersonName(kind: "user", value: ExactText(name))
    return try await registry.withConnection { connection in
      let lookup = PersonTokens.lookup(ledger: ledger, [person])
      return PersonTokens.tokens(try connection.execute(lookup.sql, lookup.parameters))[person]
    }
  }
}

extension Budget {
  /// The token of the one user whom it is for.
  fileprivate var userToken: String? { scope.dimension == .user ? scope.name?.string : nil }
}

extension ControlState {
  /// True where a budget's counters are users.
  fileprivate func isOfUsers(_ id: String) -> Bool { budget(id)?.scope.dimension == .user }
}

extension BudgetReport {
  fileprivate var windowJSON: JSON {
    .object([
      "name": .text(window.period == .minute ? "sixty seconds" : window.description),
      "starts_at": startsAt.map { .text($0.description) },
      "resets_at": resetsAt.map { .text($0.description) }, "elapsed": elapsed.map { .text($0.description) },
    ])
  }

  fileprivate func json(_ counter: Counter, _ names: [String: String]) -> JSON {
    let key: JSON = names[counter.key.string].map { .text($0) } ?? .string(counter.key)
    guard let currency = budget.currency else {
      return .object([
        "key": key, "tokens": .integer(counter.tokens ?? 0),
        "left": .integer(max(0, budget.tokens - (counter.tokens ?? 0))),
      ])
    }
    func money(_ amount: Amount) -> JSON { Money(amount, currency).json }
    return .object([
      "key": key, "spent": money(counter.spent), "reserved": money(counter.reserved), "left": counter.left.map(money),
      "overrun": money(counter.overrun), "unreserved": money(counter.unreserved), "calls": .integer(counter.calls),
      "calls_of_unknown_cost": .integer(counter.unknownCalls),
      "thresholds_crossed": .array(counter.crossed.map { .text($0.description) }),
      "used": counter.share.map { .text($0.description) },
      "allowed": counter.allowedShare.map { .text($0.description) }, "projected": counter.projected.map(money),
    ])
  }
}
