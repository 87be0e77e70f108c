import Domain

extension Interface {
  /// Gives a command of the ledger `main`.
  func command(
    _ path: String, _ body: JSON, key: String? = "admin", idempotencyKey: String? = nil
  ) async throws -> Answer {
    try await send(
      "POST", path.hasPrefix("/") ? path : "/v1/ledgers/main/\(path)", body, key: key,
      headers: idempotencyKey.map { [("Idempotency-Key", $0)] } ?? [])
  }

  /// Pulls a kill switch, or releases it by breaking the glass, as there is nobody to ask.
  func killSwitch(
    _ deed: String, _ scope: String, key: String? = "admin", idempotencyKey: String? = nil
  ) async throws -> Answer {
    let alone: JSON? = deed == "deactivate" ? .object(["reason": .text("nobody else is here")]) : nil
    return try await command(
      "kill-switches/\(deed)",
      .object(["scope": .text(scope), "reason": .text("because"), "break_glass": alone]), key: key,
      idempotencyKey: idempotencyKey)
  }

  /// Grants an approval; in `system`, of an owner or a key.
  @discardableResult
  func grant(_ approval: String, key: String, in ledger: String = "system") async throws -> Answer {
    try await command(
      "/v1/ledgers/\(ledger)/approvals/\(approval)/grant", .object(["reason": .text("known to me")]), key: key)
  }

  /// Lists prices.
  func list(_ prices: [JSON]) async throws {
    let answer = try await command("prices", .object(["prices": .array(prices)]))
    guard answer.status == 200 else { throw Failure(description: answer.text) }
  }

  /// What the ledger concluded about the event at a position.
  func derived(_ position: Int64) async throws -> JSON {
    try await send("GET", "/v1/ledgers/main/events/\(position)").json["derived"] ?? .null
  }

  /// Many requests at once.
  func crowd(_ count: Int, _ ask: @escaping @Sendable (Int) async throws -> Answer) async throws -> [Answer] {
    try await withThrowingTaskGroup(of: Answer.self) { group in
      for number in 0..<count { group.addTask { try await ask(number) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
  }
}
