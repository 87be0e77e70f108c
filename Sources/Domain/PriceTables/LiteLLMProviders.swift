/// The providers of the LiteLLM table under the names that calls have.
///
/// The table tells families of models of one provider apart, such as `vertex_ai-anthropic_models`.
public enum LiteLLMProviders {
  /// The provider that a call names, for the one that the table names.
  ///
  /// - Parameter map: names that the caller wants otherwise; they come first.
  public static func name(_ provider: String, map: [String: String] = [:]) -> String {
    if let wanted = map[provider] { return wanted }
    if let usual = usual[provider] { return usual }
    for family in families where provider.hasPrefix(family + "-") { return family }
    return provider
  }

  private static let families = ["vertex_ai", "fireworks_ai"]

  private static let usual = [
    "bedrock_converse": "bedrock", "text-completion-openai": "openai", "text-completion-codestral": "codestral",
    "text-completion-inception": "inception", "cohere_chat": "cohere", "azure_text": "azure",
  ]
}
