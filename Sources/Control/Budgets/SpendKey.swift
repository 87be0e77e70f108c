import Domain

/// What a call is counted by: the members that budgets tell spend apart by.
public struct SpendKey: Sendable, Hashable {
  /// The purpose of the call.
  public var operation: String
  /// The model that serves it.
  public var model: String
  /// Who serves it.
  public var provider: String
  /// The model's tier.
  public var tier: String?
  /// The user's token.
  public var user: String?
  /// The team.
  public var team: String?
  /// The strategy.
  public var strategy: String?

  /// Makes a key.
  public init(
    operation: String, model: String, provider: String, tier: String? = nil, user: String? = nil,
    team: String? = nil, strategy: String? = nil
  ) {
    self.operation = operation
    self.model = model
    self.provider = provider
    self.tier = tier
    self.user = user
    self.team = team
    self.strategy = strategy
  }

  /// The value of a dimension; nil where the call has none.
  func value(of dimension: BudgetScope.Dimension) -> String? {
    switch dimension {
    case .ledger: nil
    case .user: user
    case .team: team
    case .operation: operation
    case .model: model
    case .provider: provider
    case .strategy: strategy
    case .tier: tier
    }
  }
}
