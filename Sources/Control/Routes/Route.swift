public import Domain

/// How the calls of an operation find a model.
public struct Route: Sendable, Equatable {
  /// How much the cost of an operation matters: calls of `HIGH` need an approval.
  public enum Criticality: String, Sendable, Hashable, CaseIterable, Comparable {
    case low = "LOW"
    case medium = "MEDIUM"
    case high = "HIGH"

    /// Smaller first.
    public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    private var rank: Int {
      switch self {
      case .low: 0
      case .medium: 1
      case .high: 2
      }
    }
  }

  /// The purpose of the calls, such as `chat_message`.
  public var operation: String
  /// For people.
  public var name: String
  /// The model that is tried first.
  public var primary: String
  /// The models that are tried next, in this order.
  public var fallbacks: [String]
  /// False: every call of the operation is denied.
  public var isEnabled: Bool
  /// Whether calls need an approval.
  public var criticality: Criticality
  /// Suites that a model must have passed for this operation.
  public var requiredEvaluations: [String]
  /// The most tokens that an answer takes; nil: not known.
  public var maxOutputTokens: Int64?
  /// Position of its last `route.configured`.
  public var position: Int64

  /// Most fallbacks of one route: a decision looks at every one of them.
  public static let mostFallbacks = 16
  /// Most suites that one route requires.
  public static let mostRequiredEvaluations = 16

  /// The models in the order in which they are tried.
  public var models: [String] { [primary] + fallbacks }
}

extension Route {
  /// Reads the members of `route.configured`; nil where they are not valid.
  init?(_ body: JSON, position: Int64) {
    guard let operation = body["operation"]?.string, let name = body["name"]?.string,
      let primary = body["primary"]?.string, let isEnabled = body["enabled"]?.boolean,
      let criticality = body["criticality"]?.string.flatMap(Criticality.init(rawValue:))
    else { return nil }
    self.init(
      operation: operation, name: name, primary: primary, fallbacks: body.texts("fallbacks"), isEnabled: isEnabled,
      criticality: criticality, requiredEvaluations: body.texts("required_evaluations"),
      maxOutputTokens: body["max_output_tokens"]?.integer, position: position)
  }

  /// The members of `route.configured`, and the position of its last one.
  public var json: JSON {
    .object([
      "operation": .text(operation), "name": .text(name), "primary": .text(primary),
      "fallbacks": .array(fallbacks.map(JSON.text)), "enabled": .boolean(isEnabled),
      "criticality": .text(criticality.rawValue),
      "required_evaluations": .array(requiredEvaluations.map(JSON.text)),
      "max_output_tokens": maxOutputTokens.map(JSON.integer), "position": .integer(position),
    ])
  }
}
