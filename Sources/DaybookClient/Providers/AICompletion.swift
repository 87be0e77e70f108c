public import Domain

/// A whole answer of a model, with what it used.
public struct AICompletion: Sendable {
  /// The model that served, by the ledger's name where it is the one that was asked.
  public var model: String
  /// The text of the answer.
  public var text: String
  /// Why the model stopped.
  public var finishReason: String?
  /// What the call used.
  public var usage: UsageReading
  /// What the provider says that it cost.
  public var reportedCost: Money?
  /// The provider's id of the answer.
  public var responseID: String?
  /// The message as the provider gave it, for what ``text`` cannot hold, such as calls of tools.
  public var message: JSON?

  /// Makes an answer.
  public init(
    model: String, text: String, finishReason: String? = nil, usage: UsageReading = .absent,
    reportedCost: Money? = nil, responseID: String? = nil, message: JSON? = nil
  ) {
    self.model = model
    self.text = text
    self.finishReason = finishReason
    self.usage = usage
    self.reportedCost = reportedCost
    self.responseID = responseID
    self.message = message
  }
}

extension AICompletion: CustomStringConvertible, CustomReflectable {
  /// Model and finish reason; never the text.
  public var description: String { "AICompletion(\(model)\(finishReason.map { ", \($0)" } ?? ""))" }
  /// As `description`.
  public var customMirror: Mirror { Mirror(self, children: ["model": model]) }
}

/// A piece of an answer as it comes; each member where the piece tells it.
public struct AIChunk: Sendable {
  /// The next characters of the answer.
  public var text: String?
  /// The next characters of the reasoning, where the provider shows it.
  public var reasoning: String?
  /// The model that serves.
  public var model: String?
  /// The provider's id of the answer.
  public var responseID: String?
  /// Why the model stopped.
  public var finishReason: String?
  /// What the call used so far; each one takes the place of the one before it.
  public var usage: UsageReading?
  /// What the provider says that it cost.
  public var reportedCost: Money?
  /// What else the model said, such as calls of tools, as the provider gave it.
  public var delta: JSON?

  /// Makes a chunk.
  public init(
    text: String? = nil, reasoning: String? = nil, model: String? = nil, responseID: String? = nil,
    finishReason: String? = nil, usage: UsageReading? = nil, reportedCost: Money? = nil, delta: JSON? = nil
  ) {
    self.text = text
    self.reasoning = reasoning
    self.model = model
    self.responseID = responseID
    self.finishReason = finishReason
    self.usage = usage
    self.reportedCost = reportedCost
    self.delta = delta
  }
}

extension AIChunk: CustomStringConvertible, CustomReflectable {
  /// What it tells of; never the text.
  public var description: String { "AIChunk(\(usage == nil ? "" : "usage")\(finishReason ?? ""))" }
  /// As `description`.
  public var customMirror: Mirror { Mirror(self, children: ["finishReason": finishReason as Any]) }
}
