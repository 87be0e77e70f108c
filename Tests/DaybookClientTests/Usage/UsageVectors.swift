import DaybookClient

/// Usage objects as providers write them, and what they mean.
struct UsageVector: CustomStringConvertible, Sendable {
  var name: String
  var dialect: UsageDialect
  var text: String
  var usage: Usage
  var description: String { name }

  init(_ name: String, _ dialect: UsageDialect, _ text: String, _ usage: Usage) {
    self.name = name
    self.dialect = dialect
    self.text = text
    self.usage = usage
  }

  static let openAI = [
    UsageVector(
      "chat, nothing but the two", .openAIChat, #"{"prompt_tokens":19,"completion_tokens":10,"total_tokens":29}"#,
      Usage(inputTokens: 19, outputTokens: 10)),
    UsageVector(
      "chat, cached inside the prompt", .openAIChat,
      #"{"prompt_tokens":2006,"completion_tokens":300,"total_tokens":2306,"prompt_tokens_details":{"cached_tokens":1920},"#
        + #""completion_tokens_details":{"reasoning_tokens":0}}"#,
      Usage(inputTokens: 86, cacheReadTokens: 1920, outputTokens: 300, reasoningTokens: 0)),
    UsageVector(
      "chat, cache reads and writes both inside the prompt", .openAIChat,
      #"{"prompt_tokens":2600,"completion_tokens":5,"total_tokens":2605,"#
        + #""prompt_tokens_details":{"cached_tokens":2000,"cache_write_tokens":400}}"#,
      Usage(inputTokens: 200, cacheReadTokens: 2000, cacheWriteTokens: 400, outputTokens: 5)),
    UsageVector(
      "chat, reasoning and rejected predictions inside the completion", .openAIChat,
      #"{"prompt_tokens":9,"completion_tokens":440,"total_tokens":449,"prompt_tokens_details":null,"#
        + #""completion_tokens_details":{"reasoning_tokens":128,"accepted_prediction_tokens":0,"#
        + #""rejected_prediction_tokens":12}}"#,
      Usage(inputTokens: 9, outputTokens: 312, reasoningTokens: 128)),
    UsageVector(
      "chat, audio in and out", .openAIChat,
      #"{"prompt_tokens":120,"completion_tokens":90,"total_tokens":210,"#
        + #""prompt_tokens_details":{"cached_tokens":0,"audio_tokens":100},"#
        + #""completion_tokens_details":{"audio_tokens":70,"reasoning_tokens":5}}"#,
      Usage(
        inputTokens: 20, cacheReadTokens: 0, outputTokens: 15, reasoningTokens: 5, audioInputTokens: 100,
        audioOutputTokens: 70)),
    UsageVector(
      "chat of another maker, reasoning beside the completion", .openAIChat,
      #"{"prompt_tokens":32,"completion_tokens":9,"total_tokens":135,"prompt_tokens_details":{"cached_tokens":6,"#
        + #""text_tokens":32,"image_tokens":0},"completion_tokens_details":{"reasoning_tokens":94}}"#,
      Usage(inputTokens: 26, cacheReadTokens: 6, outputTokens: 9, reasoningTokens: 94, imageTokens: 0)),
    UsageVector(
      "chat of another maker, cached in a word of its own", .openAIChat,
      #"{"prompt_tokens":500,"completion_tokens":20,"total_tokens":520,"prompt_cache_hit_tokens":448,"#
        + #""prompt_cache_miss_tokens":52}"#,
      Usage(inputTokens: 52, cacheReadTokens: 448, outputTokens: 20)),
    UsageVector(
      "an embedding has no completion", .openAIChat, #"{"prompt_tokens":8,"total_tokens":8}"#, Usage(inputTokens: 8)),
    UsageVector(
      "responses, reasoning inside the output", .openAIResponses,
      #"{"input_tokens":22118,"input_tokens_details":{"cached_tokens":0},"output_tokens":1970,"#
        + #""output_tokens_details":{"reasoning_tokens":956},"total_tokens":24088}"#,
      Usage(inputTokens: 22118, cacheReadTokens: 0, outputTokens: 1014, reasoningTokens: 956)),
    UsageVector(
      "responses, a prefix written to the cache", .openAIResponses,
      #"{"input_tokens":18014,"input_tokens_details":{"cache_write_tokens":18011,"cached_tokens":0},"#
        + #""output_tokens":7,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":18021}"#,
      Usage(inputTokens: 3, cacheReadTokens: 0, cacheWriteTokens: 18011, outputTokens: 7, reasoningTokens: 0)),
    UsageVector(
      "realtime, cached audio is cached once", .openAIResponses,
      #"{"total_tokens":253,"input_tokens":132,"output_tokens":121,"input_token_details":{"text_tokens":119,"#
        + #""audio_tokens":13,"cached_tokens":64,"cached_tokens_details":{"text_tokens":60,"audio_tokens":4}},"#
        + #""output_token_details":{"text_tokens":30,"audio_tokens":91}}"#,
      Usage(
        inputTokens: 59, cacheReadTokens: 64, outputTokens: 30, audioInputTokens: 9, audioOutputTokens: 91)),
  ]

  static let others = [
    UsageVector(
      "Anthropic, cached outside the input", .anthropic,
      #"{"input_tokens":21,"cache_creation_input_tokens":188086,"cache_read_input_tokens":0,"output_tokens":393}"#,
      Usage(inputTokens: 21, cacheReadTokens: 0, cacheWriteTokens: 188086, outputTokens: 393)),
    UsageVector(
      "Anthropic, writes of two lifetimes, and searches", .anthropic,
      #"{"input_tokens":2048,"cache_read_input_tokens":1800,"cache_creation_input_tokens":248,"output_tokens":503,"#
        + #""cache_creation":{"ephemeral_5m_input_tokens":148,"ephemeral_1h_input_tokens":100},"#
        + #""server_tool_use":{"web_search_requests":2},"service_tier":"standard"}"#,
      Usage(
        inputTokens: 2048, cacheReadTokens: 1800, cacheWriteTokens: 148, cacheWrite1hTokens: 100, outputTokens: 503,
        requests: 2)),
    UsageVector(
      "Anthropic, the end of a stream tells the output only", .anthropic, #"{"output_tokens":15}"#,
      Usage(outputTokens: 15)),
    UsageVector(
      "Anthropic, null is not told", .anthropic,
      #"{"input_tokens":5,"cache_creation_input_tokens":null,"cache_read_input_tokens":null,"output_tokens":1,"#
        + #""cache_creation":null,"server_tool_use":null}"#,
      Usage(inputTokens: 5, outputTokens: 1)),
    UsageVector(
      "Gemini, thoughts outside the candidates", .gemini,
      #"{"thoughtsTokenCount":495,"promptTokenCount":324,"candidatesTokenCount":1364,"totalTokenCount":2183}"#,
      Usage(inputTokens: 324, outputTokens: 1364, reasoningTokens: 495)),
    UsageVector(
      "Gemini, cached inside the prompt, kinds of content", .gemini,
      #"{"promptTokenCount":1000,"cachedContentTokenCount":600,"candidatesTokenCount":50,"totalTokenCount":1050,"#
        + #""promptTokensDetails":[{"modality":"TEXT","tokenCount":700},{"modality":"IMAGE","tokenCount":258},"#
        + #"{"modality":"AUDIO","tokenCount":42}],"cacheTokensDetails":[{"modality":"TEXT","tokenCount":600}]}"#,
      Usage(
        inputTokens: 100, cacheReadTokens: 600, outputTokens: 50, audioInputTokens: 42, imageTokens: 258)),
    UsageVector(
      "Gemini, an image made, and the tools' own prompt", .gemini,
      #"{"promptTokenCount":11,"candidatesTokenCount":1300,"toolUsePromptTokenCount":30,"totalTokenCount":1341,"#
        + #""candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":1290},{"modality":"TEXT","tokenCount":10}]}"#,
      Usage(inputTokens: 41, outputTokens: 10, imageTokens: 1290)),
    UsageVector(
      "Gemini, thoughts that only the total tells", .gemini,
      #"{"promptTokenCount":7,"candidatesTokenCount":12,"totalTokenCount":60}"#,
      Usage(inputTokens: 7, outputTokens: 12, reasoningTokens: 41)),
    UsageVector(
      "Gemini in Python's spelling", .gemini,
      #"{"prompt_token_count":361,"candidates_token_count":53,"total_token_count":414,"#
        + #""cached_content_token_count":null,"traffic_type":"ON_DEMAND"}"#,
      Usage(inputTokens: 361, outputTokens: 53)),
    UsageVector(
      "Bedrock, cached outside the input", .bedrockConverse,
      #"{"inputTokens":12,"outputTokens":100,"totalTokens":112,"cacheReadInputTokens":900,"cacheWriteInputTokens":30}"#,
      Usage(inputTokens: 12, cacheReadTokens: 900, cacheWriteTokens: 30, outputTokens: 100)),
    UsageVector(
      "Bedrock, writes by lifetime, all in the total", .bedrockConverse,
      #"{"inputTokens":12,"outputTokens":100,"totalTokens":1042,"cacheReadInputTokens":900,"cacheWriteInputTokens":30,"#
        + #""cacheDetails":[{"ttl":"1h","inputTokens":20},{"ttl":"5m","inputTokens":10}]}"#,
      Usage(
        inputTokens: 12, cacheReadTokens: 900, cacheWriteTokens: 10, cacheWrite1hTokens: 20, outputTokens: 100)),
    UsageVector(
      "OpenRouter, Claude writes to its cache", .openRouter,
      #"{"prompt_tokens":15752,"completion_tokens":4,"total_tokens":15756,"cost":0.01970675,"is_byok":false,"#
        + #""prompt_tokens_details":{"cached_tokens":0,"cache_write_tokens":15739,"audio_tokens":0},"#
        + #""cost_details":{"upstream_inference_cost":null},"completion_tokens_details":{"reasoning_tokens":0}}"#,
      Usage(
        inputTokens: 13, cacheReadTokens: 0, cacheWriteTokens: 15739, outputTokens: 4, reasoningTokens: 0,
        audioInputTokens: 0)),
  ]
}

/// An object that contradicts itself.
struct UsageContradiction: CustomStringConvertible, Sendable {
  var dialect: UsageDialect
  var text: String
  var fault: UsageFault
  var description: String { "\(dialect) \(text)" }

  init(_ dialect: UsageDialect, _ text: String, _ fault: UsageFault) {
    self.dialect = dialect
    self.text = text
    self.fault = fault
  }

  static let all = [
    Self(
      .openAIChat, #"{"prompt_tokens":10,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":11}}"#,
      .cachedExceedsPrompt),
    Self(
      .openRouter,
      #"{"prompt_tokens":10,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":6,"cache_write_tokens":5}}"#,
      .cachedExceedsPrompt),
    Self(
      .openAIChat,
      #"{"prompt_tokens":10,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":6,"audio_tokens":5}}"#,
      .partsExceedPrompt),
    Self(
      .openAIChat,
      #"{"prompt_tokens":9,"completion_tokens":102,"total_tokens":111,"#
        + #""completion_tokens_details":{"reasoning_tokens":109}}"#, .reasoningExceedsOutput),
    Self(
      .openAIResponses,
      #"{"input_tokens":9,"output_tokens":10,"output_tokens_details":{"reasoning_tokens":6,"audio_tokens":5}}"#,
      .partsExceedOutput),
    Self(
      .openAIResponses,
      #"{"input_tokens":9,"output_tokens":1,"input_tokens_details":{"cached_tokens":5,"audio_tokens":3,"#
        + #""cached_tokens_details":{"audio_tokens":4}}}"#, .cachedKindExceedsPrompt),
    Self(.openAIChat, #"{"prompt_tokens":10,"completion_tokens":5,"total_tokens":40}"#, .totalDoesNotAddUp),
    Self(.openAIChat, #"{"prompt_tokens":10,"completion_tokens":5,"total_tokens":0}"#, .totalDoesNotAddUp),
    Self(.openAIChat, #"{"prompt_tokens_details":{"cached_tokens":11}}"#, .cachedExceedsPrompt),
    Self(.openAIChat, #"{"prompt_tokens":-1,"completion_tokens":5}"#, .notACount),
    Self(.openAIChat, #"{"prompt_tokens":1.5,"completion_tokens":5}"#, .notACount),
    Self(.openAIChat, #"{"prompt_tokens":1e3,"completion_tokens":5}"#, .notACount),
    Self(.openAIChat, #"{"prompt_tokens":"12","completion_tokens":5}"#, .notACount),
    Self(.openAIChat, #"{"prompt_tokens":1000000000001,"completion_tokens":5}"#, .notACount),
    Self(.openAIChat, #"{"prompt_tokens":99999999999999999999,"completion_tokens":5}"#, .notACount),
    Self(.openAIChat, #"{"prompt_tokens":12,"prompt_tokens_details":[1]}"#, .notAnObject),
    Self(.openAIChat, "[]", .notAnObject),
    Self(.openAIChat, "{", .notAnObject),
    Self(
      .anthropic,
      #"{"input_tokens":1,"cache_creation_input_tokens":9,"cache_creation":{"ephemeral_5m_input_tokens":4,"#
        + #""ephemeral_1h_input_tokens":4}}"#, .cacheWritesDoNotAddUp),
    Self(.gemini, #"{"promptTokenCount":10,"cachedContentTokenCount":11}"#, .cachedExceedsPrompt),
    Self(.gemini, #"{"promptTokenCount":10,"candidatesTokenCount":5,"totalTokenCount":14}"#, .totalDoesNotAddUp),
    Self(
      .gemini, #"{"promptTokenCount":10,"promptTokensDetails":[{"modality":"AUDIO","tokenCount":11}]}"#,
      .partsExceedPrompt),
    Self(.bedrockConverse, #"{"inputTokens":1,"outputTokens":2,"totalTokens":4}"#, .totalDoesNotAddUp),
    Self(
      .bedrockConverse,
      #"{"inputTokens":1,"outputTokens":2,"cacheWriteInputTokens":3,"cacheDetails":[{"ttl":"1h","inputTokens":2}]}"#,
      .cacheWritesDoNotAddUp),
  ]
}
