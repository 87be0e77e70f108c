/// What a field of the LiteLLM table says about a price, by its name.
///
/// `cache_read_input_token_cost_above_272k_tokens_priority` is the price of a token read from a cache, in calls of more
/// than 272,000 tokens, with priority.
struct LiteLLMField: Sendable, Equatable {
  /// The class of usage that it prices.
  var usageClass: UsageClass
  /// How many units of the class the number is for: 1,000 of `audio_ms` where it is per second.
  var units: Int64
  /// The kind of service.
  var serviceTier: ServiceTier
  /// The context tier's threshold; 0: none.
  var contextAbove: Int64

  /// The meaning of a field's name in a model of a mode; nil where no usage class has such a price.
  ///
  /// - Parameter mode: the model's `mode`, such as `chat`: a second is one of audio only where audio is what is billed.
  init?(_ name: String, mode: String?) {
    var rest = name[...]
    serviceTier = .standard
    for (suffix, tier) in Self.services where rest.hasSuffix(suffix) {
      serviceTier = tier
      rest.removeLast(suffix.count)
      break
    }
    contextAbove = Self.takeThreshold(&rest)
    guard let meaning = Self.meanings[String(rest)] else { return nil }
    if Self.perSecond.contains(String(rest)), !Self.audioModes.contains(mode ?? "") { return nil }
    (usageClass, units) = meaning
  }

  /// True for names of fields that say something about prices.
  static func isAboutPrices(_ name: String) -> Bool {
    name.contains("cost") || name.contains("pricing") || name.contains("multiplier")
  }

  private static let services: [(String, ServiceTier)] = [
    ("_batch_requests", .batch), ("_batches", .batch), ("_flex", .flex), ("_priority", .priority),
  ]

  /// Cuts `_above_200k_tokens` off and answers 200,000; 0 where there is none.
  private static func takeThreshold(_ name: inout Substring) -> Int64 {
    let (start, end) = ("_above_", "k_tokens")
    guard name.hasSuffix(end), let place = name.ranges(of: start).last else { return 0 }
    let digits = name[place.upperBound...].dropLast(end.count)
    guard let thousands = Int64(digits), thousands > 0, thousands <= 1_000_000 else { return 0 }
    name = name[..<place.lowerBound]
    return thousands * 1_000
  }

  private static let audioModes: Set<String> = ["audio_transcription", "audio_speech", "realtime"]
  private static let perSecond: Set<String> = ["input_cost_per_second", "output_cost_per_second"]

  private static let meanings: [String: (UsageClass, Int64)] = [
    "input_cost_per_token": (.inputTokens, 1),
    "output_cost_per_token": (.outputTokens, 1),
    "output_cost_per_reasoning_token": (.reasoningTokens, 1),
    "cache_read_input_token_cost": (.cacheReadTokens, 1),
    "input_cost_per_token_cache_hit": (.cacheReadTokens, 1),
    "cache_creation_input_token_cost": (.cacheWriteTokens, 1),
    "cache_creation_input_token_cost_above_1hr": (.cacheWriteHourTokens, 1),
    "input_cost_per_audio_token": (.audioInputTokens, 1),
    "output_cost_per_audio_token": (.audioOutputTokens, 1),
    "input_cost_per_image_token": (.imageTokens, 1),
    "output_cost_per_image_token": (.imageTokens, 1),
    "input_cost_per_image": (.images, 1),
    "output_cost_per_image": (.images, 1),
    "input_cost_per_character": (.characters, 1),
    "output_cost_per_character": (.characters, 1),
    "input_cost_per_second": (.audioMilliseconds, 1_000),
    "output_cost_per_second": (.audioMilliseconds, 1_000),
    "input_cost_per_audio_per_second": (.audioMilliseconds, 1_000),
    "input_cost_per_query": (.requests, 1),
    "input_cost_per_request": (.requests, 1),
  ]

  /// Classes that do not tell input from output: of two different prices, none is taken.
  static func hasTwoDirections(_ usageClass: UsageClass) -> Bool {
    switch usageClass {
    case .imageTokens, .images, .characters, .audioMilliseconds: true
    default: false
    }
  }

  /// The count that a price is listed for: the smallest of the usual ones at which it is exact.
  func price(_ number: ExactNumber) -> (amount: Amount, per: Int64)? {
    var times: Int64 = usageClass.unit == .token ? 1_000_000 : 1
    while times * units <= Price.mostUnits {
      if let amount = number.amount(times: times) { return (amount, times * units) }
      times *= 1_000
    }
    return nil
  }
}
