extension UsageDialect {
  /// Input, cache reads and cache writes are disjoint; thinking is inside the output and not told apart.
  static func anthropic(_ object: UsageObject) throws(UsageFault) -> Usage {
    var usage = Usage(
      inputTokens: try object.count("input_tokens"), cacheReadTokens: try object.count("cache_read_input_tokens"),
      cacheWriteTokens: try object.count("cache_creation_input_tokens"),
      outputTokens: try object.count("output_tokens"))
    try splitWrites(&usage, object.object("cache_creation"))
    usage.requests = try object.object("server_tool_use")?.count("web_search_requests")
    return usage
  }

  /// Disjoint too; the total counts the cached tokens or does not, as the model has it.
  static func bedrock(_ object: UsageObject) throws(UsageFault) -> Usage {
    var usage = Usage(
      inputTokens: try object.count("inputTokens"),
      cacheReadTokens: try object.count("cacheReadInputTokens", "cacheReadInputTokenCount"),
      cacheWriteTokens: try object.count("cacheWriteInputTokens", "cacheWriteInputTokenCount"),
      outputTokens: try object.count("outputTokens"))
    let cached = usage.cacheReadTokens.orZero + usage.cacheWriteTokens.orZero
    if let total = try object.count("totalTokens"), let input = usage.inputTokens, let output = usage.outputTokens {
      guard total == input + output || total == input + output + cached else { throw .totalDoesNotAddUp }
    }
    var short: Int64?
    var hour: Int64?
    for detail in try object.list("cacheDetails") {
      guard let count = try detail.count("inputTokens") else { continue }
      if detail.text("ttl") == "1h" { hour = hour.orZero + count } else { short = short.orZero + count }
    }
    guard short != nil || hour != nil else { return usage }
    if let written = usage.cacheWriteTokens, written != short.orZero + hour.orZero { throw .cacheWritesDoNotAddUp }
    usage.cacheWriteTokens = short
    usage.cacheWrite1hTokens = hour
    return usage
  }

  /// The prompt holds the cached tokens and every kind of content; thoughts and the tools' prompts stand beside.
  static func gemini(_ object: UsageObject) throws(UsageFault) -> Usage {
    let prompt = try object.count("promptTokenCount", "prompt_token_count")
    let cached = try object.count("cachedContentTokenCount", "cached_content_token_count")
    let answer = try object.count("candidatesTokenCount", "candidates_token_count", "responseTokenCount")
    var thoughts = try object.count("thoughtsTokenCount", "thoughts_token_count")
    let tools = try object.count("toolUsePromptTokenCount", "tool_use_prompt_token_count")
    if let total = try object.count("totalTokenCount", "total_token_count"), let prompt {
      let told = prompt + answer.orZero + tools.orZero
      // The total is the sum of the four by definition, so thoughts that were not told are known.
      if thoughts == nil, answer != nil, total > told { thoughts = total - told }
      guard total == told + thoughts.orZero else { throw .totalDoesNotAddUp }
    }
    let inPrompt = try GeminiKinds(object.list("promptTokensDetails", "prompt_tokens_details"))
    let inCache = try GeminiKinds(object.list("cacheTokensDetails", "cache_tokens_details"))
    let inTools = try GeminiKinds(object.list("toolUsePromptTokensDetails", "tool_use_prompt_tokens_details"))
    let inAnswer = try GeminiKinds(
      object.list("candidatesTokensDetails", "candidates_tokens_details", "responseTokensDetails"))
    let audio = try inPrompt.audio.less(inCache.audio, or: .cachedKindExceedsPrompt)
    let image = try inPrompt.image.less(inCache.image, or: .cachedKindExceedsPrompt)
    _ = try prompt.less(cached, or: .cachedExceedsPrompt)
    let input = try prompt.less(cached, audio, image, or: .partsExceedPrompt)
    let forTools = try tools.less(inTools.audio, inTools.image, or: .partsExceedPrompt)
    let output = try answer.less(inAnswer.audio, inAnswer.image, or: .partsExceedOutput)
    return Usage(
      inputTokens: sum(input, forTools), cacheReadTokens: cached, outputTokens: output, reasoningTokens: thoughts,
      audioInputTokens: sum(audio, inTools.audio), audioOutputTokens: inAnswer.audio,
      imageTokens: sum(sum(image, inTools.image), inAnswer.image))
  }

  /// The sum of what was told; nil where nothing was.
  private static func sum(_ left: Int64?, _ right: Int64?) -> Int64? {
    left == nil && right == nil ? nil : left.orZero + right.orZero
  }
}

/// Counts by modality, of those that have a class of their own; text, video and documents are plain tokens.
private struct GeminiKinds {
  var audio: Int64?
  var image: Int64?

  init(_ details: [UsageObject]) throws(UsageFault) {
    for detail in details {
      let count = try detail.count("tokenCount", "token_count")
      switch detail.text("modality")?.uppercased() {
      case "AUDIO": audio = audio.orZero + count.orZero
      case "IMAGE": image = image.orZero + count.orZero
      default: break
      }
    }
  }
}
