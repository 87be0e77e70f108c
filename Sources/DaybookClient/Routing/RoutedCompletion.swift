public import Domain

/// An answer that was routed: what the model said, what the ledger decided, and every attempt.
public struct RoutedCompletion: Sendable {
  /// What the ledger decided.
  public var decision: Decision
  /// What the model said.
  public var answer: AICompletion
  /// Every attempt in order, the one that worked last.
  public var attempts: [RoutedAttempt]

  /// The text of the answer.
  public var text: String { answer.text }
}

/// One attempt of a call, as it was recorded.
public struct RoutedAttempt: Sendable {
  /// Which attempt it was, from 1.
  public var number: Int64
  /// The model and provider that were allowed and asked.
  public var target: Decision.Target
  /// The model that served, or the one that was asked where none did.
  public var model: String
  /// How it ended.
  public var status: CompletionRecorded.Status
  /// Why it failed.
  public var error: AIProviderError?
  /// What it used.
  public var usage: UsageReading
  /// What the provider says that it cost.
  public var reportedCost: Money?
  /// Why the model stopped.
  public var finishReason: String?
  /// The provider's id of the answer.
  public var responseID: String?
  /// From request to last byte, in milliseconds.
  public var latencyMilliseconds: Int64
  /// From request to first token, in milliseconds.
  public var timeToFirstTokenMilliseconds: Int64?
  /// The id of its event: `<call>.<attempt>`.
  public var eventID: String
  /// Why it could not be recorded; nil where it was.
  public var unrecorded: DaybookError?
}

extension RoutedCompletion: CustomStringConvertible, CustomReflectable {
  /// The decision and how many attempts; never the answer.
  public var description: String { "RoutedCompletion(\(decision), \(attempts.count) attempts)" }
  /// As `description`.
  public var customMirror: Mirror { Mirror(self, children: ["attempts": attempts.count]) }
}
