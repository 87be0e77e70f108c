internal import Domain

/// An answer, or a chunk of one, as OpenRouter writes it.
struct OpenRouterAnswer {
  private let root: JSONView

  /// Reads a document.
  ///
  /// - Throws: ``AIProviderError`` with `malformedAnswer`, or what the document says went wrong: OpenRouter answers 200 and
  ///   an error where a model had begun.
  init(_ body: [UInt8], scrub: (String) -> String) throws(AIProviderError) {
    do {
      root = try JSONDocument(
        body, limits: JSONLimits(depth: 64, bytes: Limits.answerBytes, isForeign: true)
      ).root
    } catch {
      throw AIProviderError(.malformedAnswer, "the answer is not JSON", cause: error)
    }
    guard root.kind == .object else { throw AIProviderError(.malformedAnswer, "the answer is no object") }
    for fault in [root["error"], choice?["error"]] {
      guard let fault, fault.kind != .null else { continue }
      throw AIProviderError(fault: fault, scrub: scrub)
    }
  }

  private var choice: JSONView? { root["choices"]?.elements.first }

  private var usageObject: JSON? {
    root["usage"].flatMap { $0.kind == .null ? nil : JSON($0) }
  }

  /// The answer of a request that was not streamed.
  func completion(asked request: AIRequest, _ names: OpenRouterNames) throws(AIProviderError) -> AICompletion {
    guard let choice, let message = choice["message"], message.kind == .object else {
      throw AIProviderError(.malformedAnswer, "the answer has no message")
    }
    return AICompletion(
      model: names.served(root["model"]?.string, asked: request), text: message["content"]?.string ?? "",
      finishReason: choice["finish_reason"]?.string, usage: UsageReading(usageObject, as: .openRouter),
      reportedCost: UsageReading.openRouterCost(usageObject), responseID: root["id"]?.string,
      message: JSON(message))
  }

  /// A chunk of a stream.
  func chunk(asked request: AIRequest, _ names: OpenRouterNames) -> AIChunk {
    let delta = choice?["delta"]
    var chunk = AIChunk(
      text: delta?["content"]?.string.flatMap { $0.isEmpty ? nil : $0 },
      reasoning: delta?["reasoning"]?.string.flatMap { $0.isEmpty ? nil : $0 },
      model: root["model"]?.string.map { names.served($0, asked: request) }, responseID: root["id"]?.string,
      finishReason: choice?["finish_reason"]?.string)
    if let calls = delta?["tool_calls"], calls.kind == .array { chunk.delta = JSON(calls) }
    if let usageObject {
      chunk.usage = UsageReading(usageObject, as: .openRouter)
      chunk.reportedCost = UsageReading.openRouterCost(usageObject)
    }
    return chunk
  }
}
