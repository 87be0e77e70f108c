public import Domain

/// `completion.recorded`: one attempt of one call to a model, with what it used. Subject: `call/<id>`.
///
/// Prompts and answers are never sent. `user`, `session`, `responseID`, `tags` and `rawUsage` are kept apart as personal.
public struct CompletionRecorded: EventContent, Equatable {
  /// How an attempt ended.
  public enum Status: String, Sendable, CaseIterable {
    /// It answered.
    case ok
    /// It failed, and so did the call.
    case error
    /// The caller hung up; what was used is billed all the same.
    case aborted
    /// It failed, and a fallback answered.
    case absorbed
  }

  /// Where the usage comes from.
  public enum UsageSource: String, Sendable, CaseIterable {
    /// The provider's own figures.
    case provider
    /// Estimated by the caller.
    case estimated
    /// The provider's, cut short.
    case partial
    /// Nobody knows.
    case absent
  }

  /// The purpose, such as `chat_message`: a printable ASCII token of 1 to 128 characters.
  public var operation: String
  /// The model that served.
  public var model: String
  /// Who served it.
  public var provider: String
  /// The model that was asked for, where it is another.
  public var requestedModel: String?
  /// `strong`, `mid`, `cheap`, or the provider's own.
  public var tier: String?
  /// The kind of service that was asked for, whose prices hold; standard where it is nil.
  public var serviceTier: ServiceTier?
  /// Which attempt of the call, from 1.
  public var attempt: Int64
  /// How it ended.
  public var status: Status
  /// The provider's error, as a token.
  public var errorCode: String?
  /// What it used.
  public var usage: Usage
  /// Where `usage` comes from.
  public var usageSource: UsageSource
  /// The cost that the provider stated; booked where no price is known.
  public var reportedCost: Money?
  /// From request to last byte, in milliseconds.
  public var latencyMilliseconds: Int64
  /// From request to first token, in milliseconds.
  public var timeToFirstTokenMilliseconds: Int64?
  /// A quality score.
  public var qualityScore: Amount?
  /// Who it was for. Personal.
  public var user: String?
  /// The team it is counted for.
  public var team: String?
  /// The strategy it is counted for.
  public var strategy: String?
  /// The goal it is counted for.
  public var goal: String?
  /// The conversation. Personal.
  public var session: String?
  /// The provider's id of the answer. Personal.
  public var responseID: String?
  /// Why the model stopped.
  public var finishReason: String?
  /// At most 16 labels. Personal.
  public var tags: [String: String]
  /// The provider's usage object, without floating-point numbers. Personal.
  public var rawUsage: JSON?

  /// `completion.recorded`.
  public var eventType: String { "completion.recorded" }

  /// Makes a completion; set what else is known on the value.
  public init(
    operation: String, model: String, provider: String, usage: Usage, latencyMilliseconds: Int64,
    usageSource: UsageSource = .provider, status: Status = .ok, attempt: Int64 = 1, user: String? = nil,
    team: String? = nil, session: String? = nil,
    tags: [String: String] = [:]
  ) {
    self.operation = operation
    self.model = model
    self.provider = provider
    self.usage = usage
    self.usageSource = usageSource
    self.status = status
    self.attempt = attempt
    self.latencyMilliseconds = latencyMilliseconds
    self.user = user
    self.team = team
    self.session = session
    self.tags = tags
  }

  /// Writes the members in canonical order.
  public func write(to writer: inout DataWriter) {
    writer.object { writer in
      writer.member("attempt", attempt)
      writer.member("error_code", errorCode)
      writer.member("finish_reason", finishReason)
      writer.member("goal", goal)
      writer.member("latency_ms", latencyMilliseconds)
      writer.member("model", model)
      writer.member("operation", operation)
      writer.member("provider", provider)
      writer.member("quality_score", qualityScore)
      writer.member("raw_usage", rawUsage)
      writer.member("reported_cost", reportedCost)
      writer.member("requested_model", requestedModel)
      writer.member("response_id", responseID)
      writer.member("service_tier", serviceTier?.rawValue)
      writer.member("session", session)
      writer.member("status", status.rawValue)
      writer.member("strategy", strategy)
      if !tags.isEmpty { writer.member("tags", .strings(tags)) }
      writer.member("team", team)
      writer.member("tier", tier)
      writer.member("time_to_first_token_ms", timeToFirstTokenMilliseconds)
      writer.member("usage", usage.write)
      writer.member("usage_source", usageSource.rawValue)
      writer.member("user", user)
    }
  }
}

extension JSON {
  /// An object of texts.
  static func strings(_ texts: [String: String]) -> JSON {
    .object(Dictionary(uniqueKeysWithValues: texts.map { (ExactText($0.key), JSON.text($0.value)) }))
  }
}
