/// Why a provider's usage object is not believed: it contradicts itself, and half of it would be a guess.
public enum UsageFault: String, Error, Sendable, CaseIterable {
  /// It is no object, or a part of it that should be one is not.
  case notAnObject = "not_an_object"
  /// A count is below zero, not whole, or beyond 10^12.
  case notACount = "not_a_count"
  /// More tokens came from the cache, or went to it, than the prompt has.
  case cachedExceedsPrompt = "cached_exceeds_prompt"
  /// Audio and images together with the cached tokens have more tokens than the prompt.
  case partsExceedPrompt = "parts_exceed_prompt"
  /// More tokens of reasoning than the whole output has.
  case reasoningExceedsOutput = "reasoning_exceeds_output"
  /// Audio and images together with the reasoning have more tokens than the output.
  case partsExceedOutput = "parts_exceed_output"
  /// More tokens of one kind came from the cache than the prompt has of that kind.
  case cachedKindExceedsPrompt = "cached_kind_exceeds_prompt"
  /// Cache writes by lifetime do not add up to the cache writes.
  case cacheWritesDoNotAddUp = "cache_writes_do_not_add_up"
  /// The total is not the sum of what it is made of.
  case totalDoesNotAddUp = "total_does_not_add_up"
}
