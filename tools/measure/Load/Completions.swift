import DaybookClient
import Domain
import Synchronization

/// Completions with a thousand users, twenty teams and a few models, over six days: the same keys however many there are.
final class Completions: Sendable {
  static let source = "/bench/client"
  private static let operations = ["chat_message", "agent_execution", "summary", "search", "classification"]
  private static let models = ["deepseek", "gemini_flash", "deepgram", "unpriced_model"]
  private static let day: Int64 = 86_400_000_000

  private let count = Mutex<UInt64>(0)

  /// How many were made.
  var made: Int64 { Int64(count.withLock { $0 }) }

  /// The next completions.
  func next(_ number: Int) -> [Event] {
    let first = count.withLock { count in
      defer { count += UInt64(number) }
      return count
    }
    let now = Timestamp.now()
    return (0..<UInt64(number)).map { Self.event(first + $0, now) }
  }

  private static func event(_ number: UInt64, _ now: Timestamp) -> Event {
    // SplitMix64 of the number, so that every run appends the same.
    var z = number &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    z ^= z >> 31
    let model = models[Int(z % 4)]
    let id = EventID.make()
    let content = CompletionRecorded(
      operation: operations[Int((z >> 8) % 5)], model: model, provider: model,
      usage: Usage(inputTokens: Int64((z >> 16) % 4000), outputTokens: Int64((z >> 32) % 800)),
      latencyMilliseconds: Int64((z >> 40) % 9000), user: "user-\((z >> 20) % 1000)", team: "team-\((z >> 30) % 20)")
    return Event(
      content, subject: CallSubject.of(id), id: id,
      time: Timestamp(microseconds: now.microseconds - Int64((z >> 4) % 6) * day))
  }

  /// Prices for two of the four models.
  static let prices: [JSON] = [("deepseek", "0.0027", "0.0108"), ("gemini_flash", "0.5", "3")].flatMap { price in
    [("input_tokens", price.1), ("output_tokens", price.2)].map { usageClass, amount in
      .object([
        "model": .text(price.0), "usage_class": .text(usageClass),
        "price": .object(["amount": .text(amount), "currency": .text("USD")]), "per": .integer(1_000_000),
        "valid_from": .text("1970-01-01T00:00:00Z"),
      ])
    }
  }
}
