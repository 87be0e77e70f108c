public import Domain

/// What decisions may do under a grant: which model may serve which operation, and for how much.
public struct Coverage: Sendable, Equatable {
  /// The operation that it is for.
  public var operation: String
  /// The model that may serve; nil: any (standing approvals only).
  public var model: String?
  /// The owner whose keys may use it; nil: any (standing approvals only).
  public var owner: String?
  /// The most that may be reserved and spent under it; nil where the price was not known when it was asked for.
  public var ceiling: Money?
  /// From when on it no longer holds; nil for leave to decide once, which ends with its approval.
  public var ends: Timestamp?

  /// True for a standing approval, which is used until its end or its ceiling.
  public var isStanding: Bool { ends != nil }
}

extension Coverage {
  /// The name of the change that leave to decide once is asked with: {change, operation, model, owner, ceiling?}.
  public static let decide = "decide"

  /// Reads what a change lets decisions do; nil where it is about something else.
  init?(_ change: JSON) {
    let terms: JSON?
    switch change["change"]?.string {
    case Self.decide: terms = change
    case Change.Operation.grantStanding.rawValue: terms = change["body"]
    default: terms = nil
    }
    guard let terms, let operation = terms["operation"]?.string else { return nil }
    self.init(
      operation: operation, model: terms["model"]?.string, owner: terms["owner"]?.string,
      ceiling: terms["ceiling"].flatMap { Money($0) }, ends: terms["ends"]?.string.flatMap { Timestamp(rfc3339: $0) })
  }

  /// True where a decision is within it, room aside.
  func covers(_ need: GrantNeed) -> Bool {
    operation == need.operation && (model ?? need.model) == need.model && (owner ?? need.owner) == need.owner
  }
}

/// A decision that needs leave.
public struct GrantNeed: Sendable, Equatable {
  /// What the call is for.
  public var operation: String
  /// The model that is to serve.
  public var model: String
  /// The accountable owner who asks for the decision.
  public var owner: String
  /// The most that the call may cost, its fallbacks included; nil where a price is not known.
  public var cost: Money?

  /// Makes a need.
  public init(operation: String, model: String, owner: String, cost: Money?) {
    self.operation = operation
    self.model = model
    self.owner = owner
    self.cost = cost
  }

  /// The exact change that leave for it is bound to.
  public var change: JSON {
    .object([
      "change": .text(Coverage.decide), "operation": .text(operation), "model": .text(model), "owner": .text(owner),
      "ceiling": cost.map(\.json),
    ])
  }
}
