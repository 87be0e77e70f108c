import Domain

/// What a completion says, as far as budgets look at it.
struct SpendFact: Sendable {
  /// The decision's id, or the caller's own.
  var call: String
  /// What it is counted by.
  var key: SpendKey
  /// What it cost; nil where that is not known.
  var cost: Money?
  /// False where nothing says what was used: no usage, or none but zeros, and no reported cost above zero.
  var isMetered: Bool
  /// Tokens of all classes.
  var tokens: Int64
  /// True for a failed attempt whose fallback worked.
  var isAbsorbed: Bool
  /// The owner who is accountable for the key that reports it.
  var owner: String
  /// True where an agent reports it.
  var isByAgent: Bool
}

extension SpendFact {
  /// Reads a completion.
  ///
  /// - Parameters:
  ///   - usage: what it tells was used.
  ///   - user: the token of the user that it names.
  ///   - table: members that no budget asks for are not read.
  init(
    _ draft: EventDraft, _ usage: [(usageClass: UsageClass, quantity: Int64)], cost: CompletionCost, user: String?,
    by principal: Principal, _ table: BudgetTable
  ) {
    func text(_ member: String) -> String? { draft.body[member]?.string }
    call = CallSubject.id(of: draft.subject) ?? draft.subject
    key = SpendKey(
      operation: table.uses(.operation) ? text("operation") ?? "" : "",
      model: table.uses(.model) ? text("model") ?? "" : "",
      provider: table.uses(.provider) ? text("provider") ?? "" : "",
      tier: table.usesTiers ? text("tier") : nil, user: user, team: table.uses(.team) ? text("team") : nil,
      strategy: table.uses(.strategy) ? text("strategy") : nil)
    self.cost = cost.cost
    isAbsorbed = draft.body["status"]?.isString("absorbed") == true
    owner = principal.owner
    isByAgent = principal.kind == .agent
    var tokens: Int64 = 0
    var isUsed = false
    for (usageClass, quantity) in usage where quantity > 0 {
      isUsed = true
      // At most thirteen quantities of at most 10^12.
      if usageClass.unit == .token { tokens += quantity }
    }
    self.tokens = tokens
    var isCharged = false
    if !isUsed, let reported = draft.body["reported_cost"].flatMap({ Money($0) }) {
      isCharged = reported.amount > .zero
    }
    isMetered = isUsed || isCharged
  }
}
