/// Whose words a usage object is in: providers count the same call differently.
///
/// | dialect | cached tokens | cache writes | reasoning |
/// |---|---|---|---|
/// | OpenAI, OpenRouter | inside the prompt | inside the prompt | inside the completion |
/// | Anthropic, Bedrock | outside the input | outside the input | inside the output, not told apart |
/// | Gemini | inside the prompt | not told | outside the candidates |
public enum UsageDialect: String, Sendable, CaseIterable {
  /// OpenAI's chat completions, and servers that speak the same.
  case openAIChat
  /// OpenAI's responses.
  case openAIResponses
  /// Anthropic's messages.
  case anthropic
  /// Gemini's `usageMetadata`, on either of Google's platforms.
  case gemini
  /// Amazon Bedrock's Converse.
  case bedrockConverse
  /// OpenRouter: OpenAI's chat, and what the call cost.
  case openRouter
}
