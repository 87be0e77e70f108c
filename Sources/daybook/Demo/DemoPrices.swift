import Domain

/// The default prices, valid from 1970-01-01; models that are not here have none, so they are unknown and not free.
enum DemoPrices {
  private static let million: Int64 = 1_000_000
  private static let minute: Int64 = 60_000

  /// As `price.listed` has them.
  static let all: [JSON] = [
    price("deepseek", "input_tokens", "0.0027", per: million),
    price("deepseek", "output_tokens", "0.0108", per: million),
    price("gemini_flash", "input_tokens", "0.5", per: million),
    price("gemini_flash", "output_tokens", "3", per: million),
    price("deepgram", "audio_ms", "0.0044", per: minute),
    price("edge_tts", "characters", "0", per: 1),
  ]

  private static func price(_ model: String, _ usageClass: String, _ amount: String, per: Int64) -> JSON {
    .object([
      "model": .text(model), "usage_class": .text(usageClass),
      "price": .object(["amount": .text(amount), "currency": .text("USD")]), "per": .integer(per),
      "valid_from": .text("1970-01-01T00:00:00Z"), "note": .text("default"),
    ])
  }

  /// Those that a ledger's list lacks: a ledger that was made without the demo has none.
  static func missing(from listed: [JSON]) -> [JSON] {
    func identity(_ price: JSON) -> [String?] { [price["model"]?.string, price["usage_class"]?.string] }
    let known = Set(listed.map(identity))
    return all.filter { !known.contains(identity($0)) }
  }
}
