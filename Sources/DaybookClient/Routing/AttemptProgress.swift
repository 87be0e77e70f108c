internal import Domain

/// What is known of an attempt while it lasts.
struct AttemptProgress {
  private let start = ContinuousClock.now
  private var firstToken: ContinuousClock.Instant?
  private(set) var answer: AICompletion
  /// Characters that came, reasoning included.
  private var characters: Int64 = 0
  private var hasUsage = false

  init(_ target: Decision.Target) { answer = AICompletion(model: target.model, text: "") }

  /// True where the caller may have a part of the answer.
  var hasContent: Bool { firstToken != nil }

  /// True where the provider told the end and what was used, so that a later cut changes nothing.
  var isWhole: Bool { answer.finishReason != nil && hasUsage }

  var latencyMilliseconds: Int64 { Self.milliseconds(.now - start) }

  var timeToFirstTokenMilliseconds: Int64? { firstToken.map { Self.milliseconds($0 - start) } }

  /// A piece of the answer came.
  mutating func take(_ chunk: AIChunk) {
    if chunk.hasContent, firstToken == nil { firstToken = .now }
    if let text = chunk.text { answer.text += text }
    characters += Int64((chunk.text?.unicodeScalars.count ?? 0) + (chunk.reasoning?.unicodeScalars.count ?? 0))
    if let model = chunk.model { answer.model = model }
    if let id = chunk.responseID { answer.responseID = id }
    if let reason = chunk.finishReason { answer.finishReason = reason }
    if let cost = chunk.reportedCost { answer.reportedCost = cost }
    if let usage = chunk.usage {
      answer.usage = usage
      hasUsage = usage.source == .provider
    }
  }

  /// The whole answer came at once.
  mutating func take(_ whole: AICompletion) { answer = whole }

  /// What an attempt that did not end well used: as much as is known, and never zero where that is not.
  func usage(after error: AIProviderError?, _ call: RoutedCall) -> UsageReading {
    if answer.usage.source == .provider {
      return isWhole ? answer.usage : UsageReading(usage: answer.usage.usage, source: .partial, raw: answer.usage.raw)
    }
    if answer.usage.fault != nil { return answer.usage }
    // Whoever refused before any model began has used nothing.
    if let error, error.isUnserved, characters == 0 { return .nothing }
    guard characters > 0 else { return .absent }
    return UsageReading(
      usage: Usage(
        inputTokens: call.inputTokens, outputTokens: TokenEstimate.tokens(characters: characters)),
      source: .estimated)
  }

  private static func milliseconds(_ duration: Duration) -> Int64 {
    let parts = duration.components
    return max(0, parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000)
  }
}

extension UsageReading {
  /// Surely nothing: no request reached a model.
  static let nothing = UsageReading(usage: Usage(inputTokens: 0, outputTokens: 0), source: .estimated)
}

extension AIChunk {
  /// True where the piece is part of what the model says.
  var hasContent: Bool { text != nil || reasoning != nil || delta != nil }
}
