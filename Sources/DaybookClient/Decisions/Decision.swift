public import Domain

/// What the ledger decided about a call, recorded before it was answered.
public struct Decision: Sendable {
  /// May the call be made?
  public enum Outcome: String, Sendable, CaseIterable {
    /// Yes, with ``Decision/model``.
    case allowed
    /// No.
    case denied
    /// Not before somebody grants the approval.
    case needsApproval = "needs_approval"
  }

  /// A model that may be called, and who serves it.
  public struct Target: Sendable, Hashable {
    /// The model, by the ledger's name.
    public var model: String
    /// Who serves it.
    public var provider: String

    /// Makes a target.
    public init(model: String, provider: String) {
      self.model = model
      self.provider = provider
    }
  }

  /// A model that was considered, and what became of it.
  public struct Candidate: Sendable, Hashable {
    /// The model.
    public var model: String
    /// Who serves it, where that is known.
    public var provider: String?
    /// Why it was considered: `requested`, `tier`, `session`, `primary`, `fallback` or `ledger_default`.
    public var origin: String
    /// `chosen`, `fallback`, or the code for which it was passed over.
    public var fate: String
    /// More about the fate, for people.
    public var detail: String?
  }

  /// An amount that a budget holds for the call until it is settled or expires.
  public struct Reservation: Sendable, Hashable {
    /// The budget's id.
    public var budget: String
    /// The counter of the budget, such as a person's token.
    public var key: String?
    /// The window that it counts in.
    public var window: String?
    /// How much, where the budget counts money.
    public var amount: Money?
    /// When it ends by itself.
    public var expiresAt: Timestamp?
  }

  /// The call's id, as it was asked.
  public var id: String
  /// May the call be made?
  public var outcome: Outcome
  /// The model to call and who serves it; nil unless allowed.
  public var target: Target?
  /// The models that may be tried after ``target``, in order; no others.
  public var fallbacks: [Target]
  /// Codes that say why, such as `kill_switch_active` or `budget_exceeded`.
  public var reasons: [String]
  /// Every model that was considered.
  public var candidates: [Candidate]
  /// Why, for people.
  public var rationale: String?
  /// What the call was estimated to cost; nil where that is not known.
  public var estimatedCost: Money?
  /// What budgets hold for the call.
  public var reservations: [Reservation]
  /// The approval that is asked for, or was used.
  public var approval: String?
  /// When it makes sense to ask again, with another id.
  public var retryAfter: Duration?
  /// The position of the decision in the log.
  public var position: Int64
  /// When the ledger decided.
  public var recordedTime: Timestamp?
  /// True where the ledger had decided this id before; the answer is the first one.
  public var isDuplicate: Bool
  /// How many requests it took.
  public var attempts: Int
  /// The whole answer as the ledger gave it.
  public var json: JSON

  /// The model to call; nil unless allowed.
  public var model: String? { target?.model }
  /// Who serves it; nil unless allowed.
  public var provider: String? { target?.provider }
}

extension Decision: CustomStringConvertible {
  /// Id, outcome, model and reasons; persons are in none of them.
  public var description: String {
    "Decision(\(id) \(outcome.rawValue)\(model.map { " \($0)" } ?? "") \(reasons.joined(separator: ",")))"
  }
}
