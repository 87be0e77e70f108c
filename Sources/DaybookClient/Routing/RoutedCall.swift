internal import Domain

/// A call to route: what the ledger decides about, and what the model is asked.
public struct RoutedCall: Sendable {
  /// What the ledger is asked; without an estimate, the characters of the messages and the bound of the answer are told.
  public var decision: DecisionRequest
  /// The conversation; never sent to the ledger.
  public var messages: [AIMessage]
  /// How the answer is to be made.
  public var parameters: AIParameters
  /// At most 16 labels, recorded with every attempt. Personal.
  public var tags: [String: String]
  /// W3C trace context, recorded with every attempt.
  public var traceparent: String?

  /// Makes a call.
  ///
  /// - Parameters:
  ///   - messages: The conversation.
  ///   - decision: What the ledger is asked. Its id is the call's, at most 112 characters: the same id is never served twice.
  ///   - parameters: How the answer is to be made.
  public init(
    _ messages: [AIMessage], _ decision: DecisionRequest, parameters: AIParameters = AIParameters()
  ) {
    self.decision = decision
    self.messages = messages
    self.parameters = parameters
    tags = [:]
  }

  /// The request with an estimate.
  var request: DecisionRequest {
    var request = decision
    if request.estimate == nil {
      request.estimate = DecisionEstimate(
        Usage(outputTokens: parameters.maximumOutputTokens), inputCharacters: inputCharacters)
    }
    return request
  }

  private var inputCharacters: Int64 { messages.reduce(0) { $0 + $1.characters } }

  /// Tokens of the input, by the caller's estimate or by its length.
  var inputTokens: Int64 {
    decision.estimate?.usage.inputTokens
      ?? TokenEstimate.tokens(characters: decision.estimate?.inputCharacters ?? inputCharacters)
  }

  /// What kill switches may stop.
  func facts(_ target: Decision.Target?) -> CallFacts {
    CallFacts(
      operation: decision.operation, model: target?.model ?? decision.model, provider: target?.provider,
      user: decision.user, team: decision.team)
  }
}

/// How texts are counted where nobody counted their tokens: four characters to a token, as the ledger does.
enum TokenEstimate {
  static func tokens(characters: Int64) -> Int64 { (characters + 3) / 4 }
}

extension RoutedCall: CustomStringConvertible, CustomReflectable {
  /// Operation and id; never the messages nor persons.
  public var description: String { "RoutedCall(\(decision.operation) \(decision.id))" }
  /// As `description`.
  public var customMirror: Mirror { Mirror(self, children: ["id": decision.id]) }
}
