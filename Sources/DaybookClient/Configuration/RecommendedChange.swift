public import Domain

/// A change of a route or model that somebody, often an agent, thinks better.
public struct RecommendedChange: Sendable {
  /// What is to be changed.
  public enum Proposal: Sendable {
    /// The route of the operation.
    case route(RouteConfiguration)
    /// A model.
    case model(ModelConfiguration)
  }

  /// The operation that it is about.
  public var operation: String
  /// How it is to be.
  public var proposal: Proposal
  /// Why; at most 4,000 characters.
  public var reasoning: String
  /// What it would save in a month.
  public var estimatedSavings: Money?
  /// How the quality score would change; below zero where it would fall.
  public var estimatedQualityImpact: Amount?
  /// How sure who recommends is, from 0 to 1.
  public var confidence: Amount?

  /// Makes a recommendation.
  public init(
    _ operation: String, _ proposal: Proposal, reasoning: String, estimatedSavings: Money? = nil,
    estimatedQualityImpact: Amount? = nil, confidence: Amount? = nil
  ) {
    self.operation = operation
    self.proposal = proposal
    self.reasoning = reasoning
    self.estimatedSavings = estimatedSavings
    self.estimatedQualityImpact = estimatedQualityImpact
    self.confidence = confidence
  }

  fileprivate var members: KeyValuePairs<String, JSON?> {
    let (kind, proposed): (String, JSON) =
      switch proposal {
      case .route(let route): ("route", route.whole)
      case .model(let model): ("model", model.json)
      }
    return [
      "operation": .text(operation), "kind": .text(kind), "proposed": proposed, "reasoning": .text(reasoning),
      "estimated_savings": estimatedSavings?.json,
      "estimated_quality_impact": estimatedQualityImpact.map { .text($0.description) },
      "confidence": confidence.map { .text($0.description) },
    ]
  }
}

extension RouteConfiguration {
  /// With the operation, which a path holds elsewhere.
  fileprivate var whole: JSON {
    var whole = json
    whole["operation"] = .text(operation)
    return whole
  }
}

extension Daybook {
  /// The recommendations that wait for a person.
  public func recommendations() async throws -> Listing {
    try Listing(try await send("GET", "recommendations"), "recommendations")
  }

  /// Recommends a change; agents only while the toggle `helix_can_recommend_optimizations` is on.
  ///
  /// The answer's member `recommendation` is its id.
  @discardableResult
  public func recommend(_ change: RecommendedChange, idempotencyKey: String? = nil) async throws -> CommandResult {
    try await command("recommendations", change.members, idempotencyKey)
  }

  /// Accepts a recommendation, through an approval that another owner grants: see ``CommandResult/requestedApproval``.
  @discardableResult
  public func acceptRecommendation(
    _ recommendation: String, reason: String, terms: ChangeTerms = .init(), idempotencyKey: String? = nil
  ) async throws -> CommandResult {
    try await command(
      "recommendations/\(Self.escaped(recommendation))/accept", ["reason": .text(reason)], terms, idempotencyKey)
  }

  /// Dismisses a recommendation.
  @discardableResult
  public func dismissRecommendation(
    _ recommendation: String, reason: String, idempotencyKey: String? = nil
  ) async throws -> CommandResult {
    try await command(
      "recommendations/\(Self.escaped(recommendation))/dismiss", ["reason": .text(reason)], idempotencyKey)
  }
}
