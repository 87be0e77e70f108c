public import Domain

/// A budget as it is configured: what it counts, and what it allows.
///
/// Kind, scope, window and currency never change, so that what was spent keeps its meaning; everything else may.
public struct Budget: Sendable, Equatable {
  /// What is limited.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Money in a window.
    case spend
    /// Tokens in any sixty seconds.
    case tokensPerMinute = "tokens_per_minute"
    /// How the spend of a window divides among tiers; it warns, and never refuses.
    case tierShare = "tier_share"
  }

  /// The most that one tier may have of the spend.
  public struct Share: Sendable, Equatable {
    /// The tier.
    public var tier: String
    /// From 0 to 1.
    public var share: Amount
  }

  /// Chosen by who made it: printable ASCII without a slash.
  public var id: String
  /// 0, 1, 2, … in the order of creation: what counters are kept under.
  public var number: Int32
  /// What is limited.
  public var kind: Kind
  /// Whose spend counts.
  public var scope: BudgetScope
  /// How long a window lasts; a minute for tokens.
  public var period: BudgetPeriod
  /// The most that may be spent and reserved in a window; zero where the kind has none.
  public var limit: Amount
  /// What money is counted in; nil for tokens.
  public var currency: Currency?
  /// True where it refuses what has no room; else it warns.
  public var isHard: Bool
  /// Amounts whose crossing is recorded, once in each window; ascending.
  public var thresholds: [Amount]
  /// What is reserved, or booked, where a cost is not known in the currency; nil: nothing stands for it.
  public var worstCase: Amount?
  /// Tokens in any sixty seconds; 0 for money.
  public var tokens: Int64
  /// By tier; empty but for `tierShare`.
  public var shares: [Share]
  /// Spend of a window from which on shares are judged.
  public var judgedFrom: Amount
  /// False: it counts on, and neither refuses nor warns.
  public var isEnabled: Bool
  /// For people.
  public var note: String?
  /// Where its last configuration stands.
  public var position: Int64
  /// When it was made: spend before that is not counted.
  public var createdAt: Timestamp
}

extension Budget {
  /// The counter of a budget on the whole ledger.
  static let ledgerKey: ExactText = "ledger"
  /// The counter of calls without a tier, where shares are counted.
  static let untieredKey: ExactText = "none"
  /// The counter of all tiers together.
  static let totalKey: ExactText = "*"

  /// The counter that a call belongs to; nil where the budget does not count it.
  func counter(of key: SpendKey) -> ExactText? {
    if kind == .tierShare {
      guard isCounted(key) else { return nil }
      return key.tier.map { ExactText($0) } ?? Self.untieredKey
    }
    if scope.dimension == .ledger { return Self.ledgerKey }
    guard let value = key.value(of: scope.dimension).map({ ExactText($0) }) else { return nil }
    return scope.name == nil || scope.name == value ? value : nil
  }

  private func isCounted(_ key: SpendKey) -> Bool {
    if scope.dimension == .ledger { return true }
    return key.value(of: scope.dimension).map { ExactText($0) } == scope.name
  }

  /// True where the calls of one decision can count in different counters.
  var isOfTheCandidate: Bool { kind == .tierShare || scope.dimension.isOfTheCandidate }

  /// A cost in the budget's currency; the worst case where it is not known in it; nil where nothing stands for it.
  func reservable(_ cost: Money?) -> Amount? { known(cost) ?? worstCase }

  /// A cost where it is known in the budget's currency.
  func known(_ cost: Money?) -> Amount? {
    guard let cost, let currency, cost.currency == currency else { return nil }
    return cost.amount
  }
}
