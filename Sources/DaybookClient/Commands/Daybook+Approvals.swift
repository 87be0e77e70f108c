public import Domain

extension Daybook {
  /// The approvals, all or of one status: `requested`, `granted`, `rejected`, `withdrawn`, `expired`, `consumed`,
  /// `revoked`.
  public func approvals(status: String? = nil) async throws -> Listing {
    let query = status.map { [(name: "status", value: $0)] } ?? []
    return try Listing(try await send("GET", "approvals", query: query), "approvals")
  }

  /// Asks for an approval; the answer's member `approval` is its id.
  @discardableResult
  public func requestApproval(
    _ request: ApprovalRequest, idempotencyKey: String? = nil
  ) async throws -> CommandResult {
    try await command(
      "approvals",
      [
        "kind": .text(request.kind), "change": request.change, "reason_code": .text(request.reasonCode),
        "estimated_impact": request.estimatedImpact,
        "required_by": request.requiredBy.map { .text($0.description) },
        "evidence": request.evidence.isEmpty ? nil : .array(request.evidence),
        "risk": request.risk.map { .text($0.rawValue) },
      ], idempotencyKey)
  }

  /// Grants an approval that another owner asked for.
  ///
  /// - Throws: ``DaybookError`` with `conflict` and the problem `approval-not-open` where it was decided already, or
  ///   `forbidden` and `same-owner`.
  @discardableResult
  public func grantApproval(
    _ approval: String, reason: String, idempotencyKey: String? = nil
  ) async throws -> CommandResult {
    try await decide(approval, "grant", reason, idempotencyKey)
  }

  /// Rejects an approval.
  @discardableResult
  public func rejectApproval(
    _ approval: String, reason: String, idempotencyKey: String? = nil
  ) async throws -> CommandResult {
    try await decide(approval, "reject", reason, idempotencyKey)
  }

  /// Takes back an approval that one's own owner asked for.
  @discardableResult
  public func withdrawApproval(
    _ approval: String, reason: String, idempotencyKey: String? = nil
  ) async throws -> CommandResult {
    try await decide(approval, "withdraw", reason, idempotencyKey)
  }

  /// Takes a grant back before it is used up.
  @discardableResult
  public func revokeApproval(
    _ approval: String, reason: String, idempotencyKey: String? = nil
  ) async throws -> CommandResult {
    try await decide(approval, "revoke", reason, idempotencyKey)
  }

  /// Asks for a standing approval: leave for calls of an operation until an end and up to a ceiling.
  @discardableResult
  public func requestStandingApproval(
    operation: String, model: String? = nil, ceiling: Money, ends: Timestamp, terms: ChangeTerms = .init(),
    idempotencyKey: String? = nil
  ) async throws -> CommandResult {
    try await command(
      "approvals/standing",
      [
        "operation": .text(operation), "model": model.map { .text($0) }, "ceiling": ceiling.json,
        "ends": .text(ends.description),
      ], terms, idempotencyKey)
  }

  /// Changes that an admin made alone and no other owner has reviewed yet.
  public func unreviewedChanges() async throws -> Listing {
    try Listing(try await send("GET", "break-glass"), "break_glass")
  }

  /// Reviews a change that an admin made alone, as another owner.
  @discardableResult
  public func reviewChange(
    _ change: String, isJustified: Bool, reason: String, idempotencyKey: String? = nil
  ) async throws -> CommandResult {
    try await command(
      "break-glass/\(Self.escaped(change))/review",
      ["verdict": .text(isJustified ? "justified" : "unjustified"), "reason": .text(reason)], idempotencyKey)
  }

  private func decide(
    _ approval: String, _ decision: String, _ reason: String, _ idempotencyKey: String?
  ) async throws -> CommandResult {
    try await command(
      "approvals/\(Self.escaped(approval))/\(decision)", ["reason": .text(reason)], idempotencyKey)
  }
}
