/// An answer as it comes; read it once.
///
/// Letting go of it before its end, or ``cancel()``, ends the request at the provider, and what came until then is recorded
/// as `aborted`. Chunks wait for a reader that is slow, within the provider's bound of one answer.
public struct RoutedStream: AsyncSequence, Sendable {
  /// What the ledger decided.
  public let decision: Decision
  let chunks: AsyncThrowingStream<AIChunk, any Error>
  let driver: Task<RoutedCompletion, any Error>

  /// Begins to read.
  ///
  /// The sequence throws ``RoutingError`` and `CancellationError`. A fallback is tried only as long as nothing came.
  public func makeAsyncIterator() -> AsyncThrowingStream<AIChunk, any Error>.Iterator { chunks.makeAsyncIterator() }

  /// The whole answer with its attempts, when it has come and is recorded.
  ///
  /// - Throws: ``RoutingError``; `CancellationError` where the stream was let go of.
  public var completion: RoutedCompletion { get async throws { try await driver.value } }

  /// Ends the request; what came until now is recorded.
  public func cancel() { driver.cancel() }
}

extension ModelRouter {
  /// Routes a call, and answers as soon as it is decided; the chunks come as the provider sends them.
  ///
  /// - Throws: ``RoutingError``; `CancellationError`.
  public func stream(_ call: RoutedCall) async throws -> RoutedOutcome<RoutedStream> {
    let decision: Decision
    switch try await admit(call) {
    case .go(let allowed): decision = allowed
    case .denied(let decision): return .denied(decision)
    case .needsApproval(let decision): return .needsApproval(decision)
    case .stopped(let verdict): return .stopped(verdict)
    }
    let (chunks, continuation) = AsyncThrowingStream<AIChunk, any Error>.makeStream()
    let driver = Task {
      do {
        let completion = try await self.run(call, decision) { request, provider, progress in
          for try await chunk in try await provider.stream(request) {
            progress.take(chunk)
            // What a provider says before its first word is another's after a fallback.
            if progress.hasContent { continuation.yield(chunk) }
          }
          // A sequence that is cancelled just ends.
          if !progress.isWhole { try Task.checkCancellation() }
        }
        continuation.finish()
        return completion
      } catch {
        continuation.finish(throwing: error)
        throw error
      }
    }
    continuation.onTermination = { if case .cancelled = $0 { driver.cancel() } }
    return .routed(RoutedStream(decision: decision, chunks: chunks, driver: driver))
  }

  /// Routes a call; see ``stream(_:)``.
  public func stream(
    _ messages: [AIMessage], operation: String, model: String? = nil, tier: String? = nil, session: String? = nil,
    user: String? = nil, team: String? = nil, parameters: AIParameters = AIParameters()
  ) async throws -> RoutedOutcome<RoutedStream> {
    try await stream(
      RoutedCall(
        messages,
        DecisionRequest(operation, model: model, tier: tier, session: session, user: user, team: team),
        parameters: parameters))
  }
}
