import Domain

/// How much an approval puts at stake; it sets quorum, evidence and life.
public enum ApprovalRisk: String, Sendable, Hashable, CaseIterable, Comparable {
  case low, medium, high

  /// Smaller stakes first.
  public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

  private var rank: Int {
    switch self {
    case .low: 0
    case .medium: 1
    case .high: 2
    }
  }

  /// How many distinct owners must grant (domain.md, Approvals).
  public var quorum: Int { self == .high ? 2 : 1 }

  /// How many items of evidence a request needs at least.
  public var minimumEvidence: Int { self == .high ? 1 : 0 }

  /// The longest life of an open request, in hours.
  public var longestLifeInHours: Int64 {
    switch self {
    case .low: 72
    case .medium: 24
    case .high: 4
    }
  }
}

/// What is to be approved.
public enum ApprovalKind: String, Sendable, Hashable, CaseIterable {
  case modelSwitch = "model_switch"
  case costIncrease = "cost_increase"
  case budgetChange = "budget_change"
  case loosening
  case standing
  case action

  /// The risk that the ledger gives a kind; a requester can only raise it.
  ///
  /// | kind | risk | why |
  /// |---|---|---|
  /// | `action` | low | one deed that the requester describes |
  /// | `model_switch` | medium | changes what serves, reversible |
  /// | `cost_increase`, `budget_change` | medium | money, bounded by budgets |
  /// | `loosening`, `standing` | high | takes a control away, for longer than one deed |
  public var risk: ApprovalRisk {
    switch self {
    case .action: .low
    case .modelSwitch, .costIncrease, .budgetChange: .medium
    case .loosening, .standing: .high
    }
  }
}
