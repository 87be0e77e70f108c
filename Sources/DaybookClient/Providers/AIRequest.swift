public import Domain

/// What is asked of a model.
public struct AIRequest: Sendable {
  /// The model, by the ledger's name; a provider may know it by another.
  public var model: String
  /// The conversation so far.
  public var messages: [AIMessage]
  /// How the answer is to be made.
  public var parameters: AIParameters
  /// Models that the provider itself may take where ``model`` fails, in order; only such as were allowed.
  public var alternatives: [String]
  /// Asked before a provider repeats the request by itself; false ends it: a kill switch may have been pulled meanwhile.
  public var mayRepeat: @Sendable () -> Bool

  /// Makes a request.
  public init(
    model: String, messages: [AIMessage], parameters: AIParameters = AIParameters(), alternatives: [String] = [],
    mayRepeat: @escaping @Sendable () -> Bool = { true }
  ) {
    self.model = model
    self.messages = messages
    self.parameters = parameters
    self.alternatives = alternatives
    self.mayRepeat = mayRepeat
  }
}

/// How an answer is to be made; what is left out is the provider's choice.
public struct AIParameters: Sendable, Equatable {
  /// The most tokens that the answer may have.
  public var maximumOutputTokens: Int64?
  /// How freely the next token is chosen, exactly as decimal.
  public var temperature: Amount?
  /// The share of probability that tokens are chosen from.
  public var topP: Amount?
  /// Texts that end the answer.
  public var stop: [String]
  /// Asks for the same choices again.
  public var seed: Int64?
  /// Further members of the request's body, as the provider names them, such as `tools`.
  public var further: [String: JSON]

  /// Makes parameters.
  public init(
    maximumOutputTokens: Int64? = nil, temperature: Amount? = nil, topP: Amount? = nil, stop: [String] = [],
    seed: Int64? = nil, further: [String: JSON] = [:]
  ) {
    self.maximumOutputTokens = maximumOutputTokens
    self.temperature = temperature
    self.topP = topP
    self.stop = stop
    self.seed = seed
    self.further = further
  }
}

extension AIRequest: CustomStringConvertible, CustomReflectable {
  /// The model and how many messages; never what they say.
  public var description: String { "AIRequest(\(model), \(messages.count) messages)" }
  /// As `description`.
  public var customMirror: Mirror { Mirror(self, children: ["model": model, "messages": messages.count]) }
}
