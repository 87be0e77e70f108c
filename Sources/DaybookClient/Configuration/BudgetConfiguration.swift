public import Domain

/// What limits spend.
public struct BudgetConfiguration: Sendable, Hashable {
  /// What a budget counts.
  public enum Limit: Sendable, Hashable {
    /// Money in a window.
    case spend(Money, window: Window)
    /// Tokens in any sixty seconds.
    case tokensPerMinute(Int64)
    /// The most that each tier may have of the spend in a window, from 0 to 1, as soon as so much is spent.
    case tierShare([String: Amount], window: Window, judgedFrom: Money)
  }

  /// How long a budget counts, in the ledger's reporting time zone.
  public enum Window: String, Sendable, CaseIterable {
    /// From midnight to midnight.
    case day
    /// A calendar month.
    case month
    /// For ever.
    case total
  }

  /// The budget's id, without a slash.
  public var budget: String
  /// `ledger`, or a name or `*` under `user/`, `team/`, `operation/`, `model/`, `provider/`, `strategy/` or `tier/`.
  public var scope: String
  /// What it counts.
  public var limit: Limit
  /// Whether it refuses what has no room; else it warns.
  public var isHard: Bool
  /// Amounts whose crossing is recorded once in each window.
  public var thresholds: [Amount]
  /// What is reserved where a cost is not known; without it, a hard budget refuses such calls.
  public var worstCase: Amount?
  /// False: it counts on, and neither refuses nor warns.
  public var isEnabled: Bool
  /// For people.
  public var note: String?

  /// Makes a budget.
  public init(
    _ budget: String, scope: String, limit: Limit, isHard: Bool, thresholds: [Amount] = [], worstCase: Amount? = nil,
    isEnabled: Bool = true, note: String? = nil
  ) {
    self.budget = budget
    self.scope = scope
    self.limit = limit
    self.isHard = isHard
    self.thresholds = thresholds
    self.worstCase = worstCase
    self.isEnabled = isEnabled
    self.note = note
  }

  /// The id stands in the path.
  var json: JSON {
    var json = JSON.object([
      "scope": .text(scope), "hard": .boolean(isHard), "enabled": .boolean(isEnabled),
      "thresholds": thresholds.isEmpty ? nil : .array(thresholds.map { .text($0.description) }),
      "worst_case": worstCase.map { .text($0.description) }, "note": note.map { .text($0) },
    ])
    switch limit {
    case .spend(let most, let window):
      json["kind"] = .text("spend")
      json["limit"] = most.json
      json["window"] = .text(window.rawValue)
    case .tokensPerMinute(let most):
      json["kind"] = .text("tokens_per_minute")
      json["tokens"] = .integer(most)
    case .tierShare(let shares, let window, let judgedFrom):
      json["kind"] = .text("tier_share")
      json["judged_from"] = judgedFrom.json
      json["window"] = .text(window.rawValue)
      json["shares"] = .array(
        shares.sorted { $0.key < $1.key }.map {
          .object(["tier": .text($0.key), "share": .text($0.value.description)])
        })
    }
    return json
  }
}
