/// One of the disjoint classes in which a call's usage is counted.
///
/// Absent is not 0: a class that was not told stands in no list. Raw values are the members of `usage`, and their order
/// here is that of their bytes, which is the order in canonical JSON.
public enum UsageClass: String, Sendable, Hashable, CaseIterable {
  /// Audio that the model was given, counted in tokens.
  case audioInputTokens = "audio_input_tokens"
  /// Audio of either direction that is billed by time.
  case audioMilliseconds = "audio_ms"
  /// Audio that the model made, counted in tokens.
  case audioOutputTokens = "audio_output_tokens"
  /// Input that was served from a cache.
  case cacheReadTokens = "cache_read_tokens"
  /// Input that was written to a cache that lives an hour.
  case cacheWriteHourTokens = "cache_write_1h_tokens"
  /// Input that was written to a cache.
  case cacheWriteTokens = "cache_write_tokens"
  /// Characters, as speech synthesis bills them.
  case characters = "characters"
  /// Images, counted in tokens.
  case imageTokens = "image_tokens"
  /// Images, each one.
  case images = "images"
  /// Input without what came from or went to a cache.
  case inputTokens = "input_tokens"
  /// Output without reasoning.
  case outputTokens = "output_tokens"
  /// Reasoning.
  case reasoningTokens = "reasoning_tokens"
  /// Calls, where each has a price.
  case requests = "requests"

  /// What a quantity of the class counts.
  public enum Unit: String, Sendable, Hashable, CaseIterable {
    case token, character, image, request, millisecond
  }

  /// What a quantity of this class counts.
  public var unit: Unit {
    switch self {
    case .audioMilliseconds: .millisecond
    case .characters: .character
    case .images: .image
    case .requests: .request
    default: .token
    }
  }

  /// True for what a context tier is chosen by: input plus cache tokens.
  public var isContext: Bool {
    switch self {
    case .inputTokens, .cacheReadTokens, .cacheWriteTokens, .cacheWriteHourTokens: true
    default: false
    }
  }

  /// The class whose price holds where this one has none: reasoning takes the output price, nothing else is guessed.
  public var pricedAs: UsageClass? { self == .reasoningTokens ? .outputTokens : nil }
}
