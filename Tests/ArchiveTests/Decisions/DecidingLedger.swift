import Control
import Crypto
import Domain
import Foundation
import Log
import Postgres
import Service
import Synchronization

/// A ledger that decides: two models, a route, prices, and a daily budget for each user.
final class DecidingLedger: Sendable {
  let settings: ConnectionSettings
  let writer: LedgerWriter
  static let service = Principal(key: "service000001", kind: .service, owner: "alice", roles: [.service])
  static let approver = Principal(key: "human0000002", kind: .human, owner: "bob", roles: [.approver])
  static let admin = Principal(key: "human0000001", kind: .human, owner: "alice", roles: [.admin, .operator])
  private let count = Mutex(0)

  /// Configures a fresh ledger and opens it.
  init(_ settings: ConnectionSettings) async throws {
    self.settings = settings
    let connection = try Connection(settings)
    try LedgerRows.create(connection, "main")
    connection.close()
    writer = LedgerWriter(ledger: "main", settings: settings, zones: { _ in .utc })
    for model in ["m-a", "m-b"] {
      try await change(
        .configureModel, "model/\(model)",
        [
          "model": .text(model), "provider": .text("p"), "platform_enabled": .boolean(true),
          "enabled": .boolean(true),
        ])
    }
    try await change(
      .configureRoute, "route/chat",
      [
        "operation": .text("chat"), "name": .text("Chat"), "primary": .text("m-a"),
        "fallbacks": .array([.text("m-b")]), "enabled": .boolean(true), "criticality": .text("LOW"),
      ])
    try await limit("0.01")
    let prices = ["m-a", "m-b"].flatMap { model in
      ["input_tokens", "output_tokens"].map { Self.price(model, $0) }
    }
    let opening = JSON.object([
      "name": .text("main"), "time_zone": .text("UTC"), "reporting_currency": .text("USD"),
    ])
    try await run(.openLedger(opening, prices: prices))
  }

  private static func dollars(_ amount: String) -> JSON {
    .object(["amount": .text(amount), "currency": .text("USD")])
  }

  private static func price(_ model: String, _ usage: String) -> JSON {
    .object([
      "model": .text(model), "usage_class": .text(usage), "price": dollars("1"), "per": .integer(1_000_000),
      "valid_from": .text("1970-01-01T00:00:00Z"),
    ])
  }

  private func change(
    _ operation: Change.Operation, _ subject: String, _ body: KeyValuePairs<String, JSON?>
  ) async throws {
    _ = try await run(
      .change(Change(operation: operation, subject: subject, body: .object(body)), terms: nil, breakGlass: nil))
  }

  /// Configures the users' daily budget.
  @discardableResult
  func limit(_ amount: String, breakGlass: String? = nil) async throws -> AppendAnswer {
    let body = JSON.object([
      "budget": .text("daily"), "kind": .text("spend"), "scope": .text("user/*"), "window": .text("day"),
      "limit": Self.dollars(amount), "hard": .boolean(true), "thresholds": .array([.text("0.004")]),
      "enabled": .boolean(true),
    ])
    let change = Change(operation: .configureBudget, subject: "budget/daily", body: body)
    return try await run(.change(change, terms: nil, breakGlass: breakGlass))
  }

  /// Runs a command, the admin's where nobody else is named.
  @discardableResult
  func run(_ command: Command, by principal: Principal = admin) async throws -> AppendAnswer {
    let key = count.withLock { count in
      count += 1
      return "command-\(count)"
    }
    return try await writer.command(command, by: principal, key: key, request: key, freshID: "fresh-\(key)")
  }

  /// Asks for a decision about a call of a thousand tokens each way; answers its event.
  @discardableResult
  func decide(
    _ id: String, user: String = "zoe", tokens: Int64 = 1_000, by principal: Principal = service,
    asking other: LedgerWriter? = nil
  ) async throws(WriteError) -> RecordedEvent {
    let request = JSON.object([
      "id": .text(id), "operation": .text("chat"), "user": .text(user), "team": .text("blue"),
      "estimate": .object(["input_tokens": .integer(tokens), "output_tokens": .integer(tokens)]),
    ])
    // As the interface makes it: of everything but the persons.
    let answer = try await (other ?? writer).command(
      .decide(request), by: principal, key: id, request: "\(id) \(tokens)", freshID: "fresh-\(id)")
    return answer.events[0]
  }

  /// The writer of another process.
  func otherProcess() -> LedgerWriter { LedgerWriter(ledger: "main", settings: settings, zones: { _ in .utc }) }

  /// Reports how a call ended.
  func complete(_ id: String, _ status: String = "ok", tokens: Int64 = 900, user: String = "zoe") async throws {
    let draft = try EventDraft(
      planned: "completion.recorded", subject: "call/\(id)", id: "completion-\(id)-\(status)", source: "/test",
      data: .object([
        "operation": .text("chat"), "model": .text("m-a"), "provider": .text("p"), "attempt": .integer(1),
        "status": .text(status), "usage_source": .text("provider"), "latency_ms": .integer(10),
        "user": .text(user), "team": .text("blue"),
        "usage": .object(["input_tokens": .integer(tokens), "output_tokens": .integer(tokens)]),
      ]))
    _ = try await writer.append([draft], by: Self.service, bytes: 10)
  }

  /// Reports a decision that a service made by itself.
  func decideElsewhere(_ id: String) async throws {
    let draft = try EventDraft(
      planned: "route.decided", subject: "call/\(id)", id: "decision-\(id)", source: "/test",
      data: .object([
        "operation": .text("chat"), "model": .text("m-a"), "provider": .text("p"), "decided_by": .text("external"),
      ]))
    _ = try await writer.append([draft], by: Self.service, bytes: 10)
  }

  /// Does something as somebody with every right over the database, the triggers off.
  func forge(_ statements: String...) throws {
    let connection = try Connection(settings)
    defer { connection.close() }
    try connection.execute("ALTER TABLE daybook.events DISABLE TRIGGER USER")
    for statement in statements { try connection.execute(statement) }
  }

  /// Writes a copy of an event behind the last one, with some columns otherwise.
  func forgeCopy(of id: String, as other: String, _ columns: [String: String] = [:]) throws {
    func column(_ name: String) -> String { columns[name] ?? name }
    try forge(
      """
      INSERT INTO daybook.events (
        ledger_id, position, id, source, type, type_version, subject, sequence, occurred_at, recorded_at, actor,
        actor_kind, data, personal, salt, personal_hash, derived, payload_hash)
      SELECT
        ledger_id, (SELECT max(position) + 1 FROM daybook.events), '\(other)', source, \(column("type")),
        \(column("type_version")), 'call/\(other)', 1, occurred_at,
        (SELECT recorded_at FROM daybook.events ORDER BY position DESC LIMIT 1), actor, actor_kind, \(column("data")),
        personal, salt, personal_hash, \(column("derived")), payload_hash
      FROM daybook.events WHERE id = '\(id)'
      """)
  }
}
