import Domain
import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Ledgers to decide in, made through the interface as an admin would.
struct ControlPlane {
  let deployment: Deployment

  init(_ deployment: Deployment) { self.deployment = deployment }

  /// Opens a ledger that knows the prices of 3,000 models; with a route, its models and a daily budget for each user where
  /// it is to be controlled.
  func open(_ ledger: String, controlled: Bool) async throws {
    let names = (1...2_998).map { "model-\($0)" } + ["deepseek", "gemini_flash"]
    let prices = names.flatMap { name in ["input_tokens", "output_tokens"].map { Self.price(name, $0) } }
    try await send("POST", "ledgers", ["name": .text(ledger), "prices": .array(prices)])
    guard controlled else { return }
    for model in ["deepseek", "gemini_flash"] {
      try await send(
        "PUT", "ledgers/\(ledger)/models",
        [
          "model": .text(model), "provider": .text(model), "platform_enabled": .boolean(true),
          "enabled": .boolean(true),
        ])
    }
    try await send(
      "PUT", "ledgers/\(ledger)/routes/sentiment_analysis",
      [
        "name": .text("Sentiment Analysis"), "primary": .text("deepseek"),
        "fallbacks": .array([.text("gemini_flash")]), "enabled": .boolean(true), "criticality": .text("LOW"),
      ])
    try await send(
      "PUT", "ledgers/\(ledger)/budgets/daily",
      [
        "kind": .text("spend"), "scope": .text("user/*"), "window": .text("day"),
        "limit": .object(["amount": .text("500"), "currency": .text("USD")]), "hard": .boolean(true),
        "thresholds": .array([.text("250")]), "enabled": .boolean(true),
      ])
  }

  private static func price(_ model: String, _ usageClass: String) -> JSON {
    .object([
      "model": .text(model), "usage_class": .text(usageClass),
      "price": .object(["amount": .text("0.5"), "currency": .text("USD")]), "per": .integer(1_000_000),
      "valid_from": .text("1970-01-01T00:00:00Z"),
    ])
  }

  private func send(_ method: String, _ path: String, _ body: KeyValuePairs<String, JSON?>) async throws {
    let (url, key) = try deployment.address()
    guard let address = URL(string: "\(url)/v1/\(path)") else { throw MeasureError("no address \(path)") }
    var request = URLRequest(url: address)
    request.httpMethod = method
    request.httpBody = Data(JSON.object(body).canonical)
    request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization")
    let (data, response) = try await URLSession.shared.data(for: request)
    guard let response = response as? HTTPURLResponse, (200...201).contains(response.statusCode) else {
      throw MeasureError("\(method) \(path): \(String(decoding: data, as: UTF8.self))")
    }
  }
}
