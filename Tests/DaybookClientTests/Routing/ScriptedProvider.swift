import Domain
import Synchronization

@testable import DaybookClient

/// A provider that does what a test says, attempt by attempt.
final class ScriptedProvider: AIProvider {
  enum Step: Sendable {
    /// Answers.
    case answer(AICompletion)
    /// Refuses.
    case fail(AIProviderError)
    /// Waits until it is cancelled.
    case hang
    /// Answers in chunks, and then ends well, badly, or not at all.
    case chunks([AIChunk], ending: Ending)
    /// Does something first.
    indirect case after(@Sendable () async -> Void, Step)
  }

  enum Ending: Sendable {
    case well
    case badly(AIProviderError)
    case never
  }

  let name: String
  private let steps: Mutex<[Step]>
  private let log = Mutex<[AIRequest]>([])

  /// What was asked.
  var requests: [AIRequest] { log.withLock { $0 } }

  init(_ name: String = "acme", _ steps: Step...) {
    self.name = name
    self.steps = Mutex(steps)
  }

  private func step(_ request: AIRequest) -> Step {
    log.withLock { $0.append(request) }
    return steps.withLock { $0.isEmpty ? .fail(AIProviderError(.modelFailed, "no step is left")) : $0.removeFirst() }
  }

  func complete(_ request: AIRequest) async throws -> AICompletion { try await perform(step(request)) }

  private func perform(_ step: Step) async throws -> AICompletion {
    switch step {
    case .answer(let answer): return answer
    case .fail(let error): throw error
    case .after(let deed, let next):
      await deed()
      return try await perform(next)
    case .hang, .chunks:
      try await Task.sleep(for: .seconds(60))
      throw CancellationError()
    }
  }

  func stream(_ request: AIRequest) async throws -> AsyncThrowingStream<AIChunk, any Error> {
    var step = step(request)
    while case .after(let deed, let next) = step {
      await deed()
      step = next
    }
    guard case .chunks(let chunks, let ending) = step else {
      _ = try await perform(step)
      return AsyncThrowingStream { $0.finish() }
    }
    let (stream, continuation) = AsyncThrowingStream<AIChunk, any Error>.makeStream()
    for chunk in chunks { continuation.yield(chunk) }
    switch ending {
    case .well: continuation.finish()
    case .badly(let error): continuation.finish(throwing: error)
    case .never: break
    }
    // A stream that never ends is held by nobody else.
    if case .never = ending { held.withLock { $0.append(continuation) } }
    return stream
  }

  private let held = Mutex<[AsyncThrowingStream<AIChunk, any Error>.Continuation]>([])
}

extension AICompletion {
  /// An answer with everything that a provider tells.
  static func sample(_ text: String = "Hi.", model: String = "deepseek") -> AICompletion {
    AICompletion(
      model: model, text: text, finishReason: "stop",
      usage: UsageReading(
        usage: Usage(inputTokens: 19, outputTokens: 10), source: .provider,
        raw: .object(["prompt_tokens": .integer(19)])),
      reportedCost: Money(Amount("0.00014")!, Currency("USD")!), responseID: "gen-1")
  }
}
