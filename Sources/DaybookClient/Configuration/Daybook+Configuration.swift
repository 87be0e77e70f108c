public import Domain

extension Daybook {
  /// Configures an operation's route.
  ///
  /// What tightens, and what is configured for the first time, holds at once. What loosens needs a second human: see
  /// ``ChangeResult/outcome-swift.property``. An agent's key cannot loosen at all.
  ///
  /// - Throws: ``DaybookError``: `conflict` where the route moved since `terms.sequence`; `forbidden`, `invalid`.
  @discardableResult
  public func configureRoute(
    _ route: RouteConfiguration, terms: ChangeTerms = .init(), idempotencyKey: String? = nil
  ) async throws -> ChangeResult {
    try await change("routes/\(Self.escaped(route.operation))", route.json, terms, idempotencyKey)
  }

  /// Configures a model; see ``configureRoute(_:terms:idempotencyKey:)``.
  @discardableResult
  public func configureModel(
    _ model: ModelConfiguration, terms: ChangeTerms = .init(), idempotencyKey: String? = nil
  ) async throws -> ChangeResult {
    try await change("models", model.json, terms, idempotencyKey)
  }

  /// Configures a budget or a limit, which never resets what was spent; see ``configureRoute(_:terms:idempotencyKey:)``.
  @discardableResult
  public func configureBudget(
    _ budget: BudgetConfiguration, terms: ChangeTerms = .init(), idempotencyKey: String? = nil
  ) async throws -> ChangeResult {
    try await change("budgets/\(Self.escaped(budget.budget))", budget.json, terms, idempotencyKey)
  }

  /// Changes a toggle; see ``configureRoute(_:terms:idempotencyKey:)``.
  ///
  /// - Parameters:
  ///   - toggle: Its name.
  ///   - isEnabled: Whether what it names may happen.
  ///   - isLocked: Whether it must be unlocked before it can be switched on.
  ///   - controlledBy: `admin_only`, `user` or `both`.
  ///   - notes: For people.
  ///   - terms: What is said for the change.
  ///   - idempotencyKey: The command's id; made here where it is nil.
  @discardableResult
  public func changeToggle(
    _ toggle: String, isEnabled: Bool, isLocked: Bool, controlledBy: String, notes: String? = nil,
    terms: ChangeTerms = .init(), idempotencyKey: String? = nil
  ) async throws -> ChangeResult {
    let body = JSON.object([
      "enabled": .boolean(isEnabled), "locked": .boolean(isLocked), "controlled_by": .text(controlledBy),
      "notes": notes.map { .text($0) },
    ])
    return try await change("toggles/\(Self.escaped(toggle))", body, terms, idempotencyKey)
  }

  /// Passes a toggle, on record; false where it may not be passed.
  public func enforceToggle(_ toggle: String, idempotencyKey: String? = nil) async throws -> Bool {
    let answer = try await send(
      "POST", "toggles/\(Self.escaped(toggle))/enforce", json: .object([:]), idempotencyKey: idempotencyKey)
    switch try answer.json()["outcome"]?.string {
    case "passed": return true
    case "refused": return false
    default: throw DaybookError.malformed("the answer does not say whether the toggle let pass")
    }
  }

  /// Configures the rules that hold for all routes, as the ledger's policy has them.
  @discardableResult
  public func configurePolicy(
    _ policy: JSON, terms: ChangeTerms = .init(), idempotencyKey: String? = nil
  ) async throws -> ChangeResult {
    try await change("policy", policy, terms, idempotencyKey)
  }

  /// The routes, each with the sequence that a change may name.
  public func routes() async throws -> Listing { try Listing(try await send("GET", "routes"), "routes") }

  /// The models, each with the sequence that a change may name.
  public func models() async throws -> Listing { try Listing(try await send("GET", "models"), "models") }

  /// The budgets and limits, as configured.
  public func budgets() async throws -> Listing { try Listing(try await send("GET", "budgets"), "budgets") }

  /// How a budget stands in its present window: spent, reserved, left and burn-down of its counters, those with most first.
  ///
  /// - Parameters:
  ///   - budget: Its id.
  ///   - key: One counter only, such as a user's name or a team's.
  public func budget(_ budget: String, key: String? = nil) async throws -> JSON {
    let query = key.map { [(name: "key", value: $0)] } ?? []
    return JSON(try await send("GET", "budgets/\(Self.escaped(budget))", query: query).json())
  }

  /// The toggles, each with the sequence that a change may name.
  public func toggles() async throws -> Listing { try Listing(try await send("GET", "toggles"), "toggles") }

  /// The rules that hold for all routes, and the models of the tiers.
  public func policy() async throws -> JSON { JSON(try await send("GET", "policy").json()) }

  /// What was decided under an id.
  ///
  /// - Throws: ``DaybookError`` with `notFound` where nothing was.
  public func decision(_ id: String) async throws -> Decision {
    try Decision(try await send("GET", "decisions/\(Self.escaped(id))"))
  }

  /// Records how a model did in a suite for an operation.
  @discardableResult
  public func recordEvaluation(
    operation: String, model: String, suite: String, passed: Bool, score: Amount? = nil, evidence: [JSON] = [],
    idempotencyKey: String? = nil
  ) async throws -> CommandResult {
    try await command(
      "evaluations",
      [
        "operation": .text(operation), "model": .text(model), "suite": .text(suite), "passed": .boolean(passed),
        "score": score.map { .text($0.description) }, "evidence": evidence.isEmpty ? nil : .array(evidence),
      ], idempotencyKey)
  }

  /// Puts a configuration with its terms.
  private func change(
    _ path: String, _ body: JSON, _ terms: ChangeTerms, _ idempotencyKey: String?
  ) async throws -> ChangeResult {
    var body = body
    terms.add(to: &body)
    return try ChangeResult(try await send("PUT", path, json: body, idempotencyKey: idempotencyKey))
  }
}
