/// What one call used, in disjoint classes; a class that was not told is nil, which is not the same as 0.
///
/// Providers differ: where the provider counts cached tokens inside the prompt (OpenAI, Gemini), subtract them from
/// `inputTokens`; where it counts reasoning inside completion tokens (OpenAI), subtract it from `outputTokens`.
public struct Usage: Sendable, Hashable {
  /// Input tokens, without those read from or written to a cache.
  public var inputTokens: Int64?
  /// Tokens read from the provider's cache.
  public var cacheReadTokens: Int64?
  /// Tokens written to the provider's cache for its usual time.
  public var cacheWriteTokens: Int64?
  /// Tokens written to the provider's cache for an hour.
  public var cacheWrite1hTokens: Int64?
  /// Output tokens, without reasoning.
  public var outputTokens: Int64?
  /// Tokens of reasoning that were billed but not part of the answer.
  public var reasoningTokens: Int64?
  /// Tokens of audio that went in.
  public var audioInputTokens: Int64?
  /// Tokens of audio that came out.
  public var audioOutputTokens: Int64?
  /// Tokens of images.
  public var imageTokens: Int64?
  /// Characters, for services that bill them.
  public var characters: Int64?
  /// Images.
  public var images: Int64?
  /// Requests, for services that bill them.
  public var requests: Int64?
  /// Milliseconds of audio.
  public var audioMilliseconds: Int64?

  /// Makes a usage; what is left out was not told.
  public init(
    inputTokens: Int64? = nil, cacheReadTokens: Int64? = nil, cacheWriteTokens: Int64? = nil,
    cacheWrite1hTokens: Int64? = nil, outputTokens: Int64? = nil, reasoningTokens: Int64? = nil,
    audioInputTokens: Int64? = nil, audioOutputTokens: Int64? = nil, imageTokens: Int64? = nil,
    characters: Int64? = nil, images: Int64? = nil, requests: Int64? = nil, audioMilliseconds: Int64? = nil
  ) {
    self.inputTokens = inputTokens
    self.cacheReadTokens = cacheReadTokens
    self.cacheWriteTokens = cacheWriteTokens
    self.cacheWrite1hTokens = cacheWrite1hTokens
    self.outputTokens = outputTokens
    self.reasoningTokens = reasoningTokens
    self.audioInputTokens = audioInputTokens
    self.audioOutputTokens = audioOutputTokens
    self.imageTokens = imageTokens
    self.characters = characters
    self.images = images
    self.requests = requests
    self.audioMilliseconds = audioMilliseconds
  }

  func write(to writer: inout DataWriter) {
    writer.member("audio_input_tokens", audioInputTokens)
    writer.member("audio_ms", audioMilliseconds)
    writer.member("audio_output_tokens", audioOutputTokens)
    writer.member("cache_read_tokens", cacheReadTokens)
    writer.member("cache_write_1h_tokens", cacheWrite1hTokens)
    writer.member("cache_write_tokens", cacheWriteTokens)
    writer.member("characters", characters)
    writer.member("image_tokens", imageTokens)
    writer.member("images", images)
    writer.member("input_tokens", inputTokens)
    writer.member("output_tokens", outputTokens)
    writer.member("reasoning_tokens", reasoningTokens)
    writer.member("requests", requests)
  }
}
