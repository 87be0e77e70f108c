internal import Domain

/// How the calls of an operation find a model.
public struct RouteConfiguration: Sendable, Hashable {
  /// How much the operation's cost matters.
  public enum Criticality: String, Sendable, CaseIterable {
    /// Least.
    case low = "LOW"
    /// In between.
    case medium = "MEDIUM"
    /// Calls need an approval.
    case high = "HIGH"
  }

  /// The purpose of the calls.
  public var operation: String
  /// For people.
  public var name: String
  /// The model that is tried first.
  public var primary: String
  /// The models that are tried next, in this order; at most 16.
  public var fallbacks: [String]
  /// False: every call is denied.
  public var isEnabled: Bool
  /// How much the operation's cost matters.
  public var criticality: Criticality
  /// Suites that a model must have passed for the operation.
  public var requiredEvaluations: [String]
  /// The most tokens that an answer takes, where the model allows more.
  public var maximumOutputTokens: Int64?

  /// Makes a route.
  public init(
    _ operation: String, name: String, primary: String, fallbacks: [String] = [], isEnabled: Bool = true,
    criticality: Criticality = .medium, requiredEvaluations: [String] = [], maximumOutputTokens: Int64? = nil
  ) {
    self.operation = operation
    self.name = name
    self.primary = primary
    self.fallbacks = fallbacks
    self.isEnabled = isEnabled
    self.criticality = criticality
    self.requiredEvaluations = requiredEvaluations
    self.maximumOutputTokens = maximumOutputTokens
  }

  /// The operation stands in the path.
  var json: JSON {
    .object([
      "name": .text(name), "primary": .text(primary), "fallbacks": .array(fallbacks.map { .text($0) }),
      "enabled": .boolean(isEnabled), "criticality": .text(criticality.rawValue),
      "required_evaluations": requiredEvaluations.isEmpty ? nil : .array(requiredEvaluations.map { .text($0) }),
      "max_output_tokens": maximumOutputTokens.map { .integer($0) },
    ])
  }
}
