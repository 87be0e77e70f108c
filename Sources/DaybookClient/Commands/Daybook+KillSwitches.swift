internal import Domain

extension Daybook {
  /// The kill switches that are active.
  public func killSwitches() async throws -> Listing {
    try Listing(try await send("GET", "kill-switches"), "kill_switches")
  }

  /// Stops a scope: `global`, `operation/…`, `model/…`, `provider/…`, `user/…` or `team/…`.
  ///
  /// - Throws: ``DaybookError`` with `conflict` and the problem `kill-switch-already-active` where it is stopped.
  @discardableResult
  public func activateKillSwitch(
    _ scope: String, reason: String, idempotencyKey: String? = nil
  ) async throws -> CommandResult {
    try await command("kill-switches/activate", ["scope": .text(scope), "reason": .text(reason)], idempotencyKey)
  }

  /// Lets a scope go on, through a second human: see ``CommandResult/requestedApproval``.
  ///
  /// - Throws: ``DaybookError`` with `conflict` and the problem `kill-switch-not-active` where it is not stopped.
  @discardableResult
  public func deactivateKillSwitch(
    _ scope: String, reason: String, terms: ChangeTerms = .init(), idempotencyKey: String? = nil
  ) async throws -> CommandResult {
    try await command(
      "kill-switches/deactivate", ["scope": .text(scope), "reason": .text(reason)], terms, idempotencyKey)
  }

  /// Posts a command of the ledger.
  func command(
    _ path: String, _ members: KeyValuePairs<String, JSON?>, _ idempotencyKey: String?
  ) async throws -> CommandResult {
    try await command(path, members, ChangeTerms(), idempotencyKey)
  }

  /// Posts a command that may need a second human.
  func command(
    _ path: String, _ members: KeyValuePairs<String, JSON?>, _ terms: ChangeTerms, _ idempotencyKey: String?
  ) async throws -> CommandResult {
    var body = JSON.object(members)
    terms.add(to: &body)
    return try CommandResult(try await send("POST", path, json: body, idempotencyKey: idempotencyKey))
  }
}
