import Domain
import Testing

extension Interface {
  /// Configures something of the ledger `main`.
  @discardableResult
  func configure(_ path: String, _ body: JSON, key: String? = "admin") async throws -> Answer {
    try await send("PUT", "/v1/ledgers/main/\(path)", body, key: key)
  }

  /// Asks for a decision.
  func decide(_ id: String, _ members: [String: JSON] = [:], key: String? = "admin") async throws -> Answer {
    var body = JSON.object(["id": .text(id), "operation": .text("chat")])
    for (name, value) in members { body[name] = value }
    return try await send("POST", "/v1/ledgers/main/decisions", body, key: key)
  }

  /// Makes the models `a` and `b` known, with prices, and routes `chat` to them.
  func configureChat(_ members: [String: JSON] = [:]) async throws {
    for name in ["a", "b"] {
      let model = JSON.object([
        "model": .text(name), "provider": .text("p"), "platform_enabled": .boolean(true), "enabled": .boolean(true),
        "max_input_tokens": .integer(1_000), "max_output_tokens": .integer(1_000),
      ])
      let answer = try await configure("models", model)
      #expect(answer.status == 200 && answer.json["outcome"] == .text("applied"), "\(answer.text)")
    }
    var route = JSON.object([
      "name": .text("Chat"), "primary": .text("a"), "fallbacks": .array([.text("b")]), "enabled": .boolean(true),
      "criticality": .text("LOW"),
    ])
    for (name, value) in members { route[name] = value }
    let answer = try await configure("routes/chat", route)
    #expect(answer.status == 200, "\(answer.text)")
  }
}
