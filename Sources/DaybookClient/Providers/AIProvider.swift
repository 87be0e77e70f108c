/// Whoever serves models: one call that waits for the whole answer, and one that gives it as it comes.
///
/// An implementation records nothing and decides nothing: ``ModelRouter`` does. It never prints keys, prompts or answers.
/// Where it repeats a request by itself, it does so only where the first one was surely not served
/// and ``AIRequest/mayRepeat`` allows.
public protocol AIProvider: Sendable {
  /// The provider's name as decisions have it, such as `openrouter`.
  var name: String { get }

  /// Asks, and waits for the whole answer.
  ///
  /// - Throws: ``AIProviderError``; `CancellationError`.
  func complete(_ request: AIRequest) async throws -> AICompletion

  /// Asks, and answers as soon as the provider begins; then the chunks come as the provider sends them.
  ///
  /// Some chunk tells the usage, mostly the last one, where the provider tells it. The sequence throws ``AIProviderError``
  /// where the answer is cut, and `CancellationError`. Letting go of it ends the request.
  ///
  /// - Throws: ``AIProviderError``; `CancellationError`.
  func stream(_ request: AIRequest) async throws -> AsyncThrowingStream<AIChunk, any Error>
}
