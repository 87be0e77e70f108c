extension UsageDialect {
  /// Reads an object in the dialect's words.
  func read(_ object: UsageObject) throws(UsageFault) -> Usage {
    switch self {
    case .openAIChat, .openRouter: try Self.openAIChat(object)
    case .openAIResponses: try Self.openAIResponses(object)
    case .anthropic: try Self.anthropic(object)
    case .gemini: try Self.gemini(object)
    case .bedrockConverse: try Self.bedrock(object)
    }
  }

  /// `prompt_tokens` holds what came from and went to the cache, audio and images; `completion_tokens` holds the reasoning.
  private static func openAIChat(_ object: UsageObject) throws(UsageFault) -> Usage {
    var parts = OpenAIParts()
    parts.prompt = try object.count("prompt_tokens")
    parts.output = try object.count("completion_tokens")
    parts.total = try object.count("total_tokens")
    try parts.readPrompt(object.object("prompt_tokens_details"))
    try parts.readOutput(object.object("completion_tokens_details"))
    // DeepSeek's own servers say it in a word of their own.
    if parts.cached == nil { parts.cached = try object.count("prompt_cache_hit_tokens") }
    var usage = try parts.usage()
    try splitWrites(&usage, object.object("cache_creation"))
    usage.requests = try object.object("server_tool_use")?.count("web_search_requests")
    return usage
  }

  /// The same, in the words of the responses.
  private static func openAIResponses(_ object: UsageObject) throws(UsageFault) -> Usage {
    var parts = OpenAIParts()
    parts.prompt = try object.count("input_tokens")
    parts.output = try object.count("output_tokens")
    parts.total = try object.count("total_tokens")
    try parts.readPrompt(object.object("input_tokens_details", "input_token_details"))
    try parts.readOutput(object.object("output_tokens_details", "output_token_details"))
    return try parts.usage()
  }

  /// Moves the cache writes that live an hour into their own class.
  static func splitWrites(_ usage: inout Usage, _ lifetimes: UsageObject?) throws(UsageFault) {
    guard let lifetimes else { return }
    let short = try lifetimes.count("ephemeral_5m_input_tokens")
    let hour = try lifetimes.count("ephemeral_1h_input_tokens")
    guard short != nil || hour != nil else { return }
    if let written = usage.cacheWriteTokens, written != short.orZero + hour.orZero { throw .cacheWritesDoNotAddUp }
    usage.cacheWriteTokens = short
    usage.cacheWrite1hTokens = hour
  }
}

/// What OpenAI's two kinds of usage objects tell, by the same names.
private struct OpenAIParts {
  var prompt: Int64?
  var output: Int64?
  var total: Int64?
  var cached: Int64?
  var written: Int64?
  var audioIn: Int64?
  var imageIn: Int64?
  var reasoning: Int64?
  var audioOut: Int64?
  var imageOut: Int64?

  mutating func readPrompt(_ details: UsageObject?) throws(UsageFault) {
    guard let details else { return }
    cached = try details.count("cached_tokens")
    written = try details.count("cache_write_tokens", "cache_creation_tokens")
    audioIn = try details.count("audio_tokens")
    imageIn = try details.count("image_tokens")
    // Audio and images that came from the cache are cached tokens, once.
    guard let kinds = try details.object("cached_tokens_details") else { return }
    audioIn = try audioIn.less(kinds.count("audio_tokens"), or: .cachedKindExceedsPrompt)
    imageIn = try imageIn.less(kinds.count("image_tokens"), or: .cachedKindExceedsPrompt)
  }

  mutating func readOutput(_ details: UsageObject?) throws(UsageFault) {
    guard let details else { return }
    reasoning = try details.count("reasoning_tokens")
    audioOut = try details.count("audio_tokens")
    imageOut = try details.count("image_tokens")
  }

  func usage() throws(UsageFault) -> Usage {
    _ = try prompt.less(cached, written, or: .cachedExceedsPrompt)
    let input = try prompt.less(cached, written, audioIn, imageIn, or: .partsExceedPrompt)
    // Some who speak OpenAI's language count reasoning beside the completion; the total tells.
    let whole = prompt.orZero + output.orZero
    let isBeside = reasoning.orZero > 0 && total == whole + reasoning.orZero
    if let total, prompt != nil, output != nil, total != whole, !isBeside { throw .totalDoesNotAddUp }
    let inside = isBeside ? nil : reasoning
    _ = try output.less(inside, or: .reasoningExceedsOutput)
    let rest = try output.less(inside, audioOut, imageOut, or: .partsExceedOutput)
    let images = imageIn == nil && imageOut == nil ? nil : imageIn.orZero + imageOut.orZero
    return Usage(
      inputTokens: input, cacheReadTokens: cached, cacheWriteTokens: written, outputTokens: rest,
      reasoningTokens: reasoning, audioInputTokens: audioIn, audioOutputTokens: audioOut, imageTokens: images)
  }
}
