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

  /// Asks to let a scope go on: the answer's member `outcome` is `approval_requested`, and `approval` holds the request that
  /// another owner grants.
  ///
  /// - Throws: ``DaybookError`` with `conflict` and the problem `kill-switch-not-active` where it is not stopped.
  @discardableResult
  public func deactivateKillSwitch(
    _ scope: String, reason: String, idempotencyKey: String? = nil
  ) async throws -> CommandResult {
    try await command("kill-switches/deactivate", ["scope": .text(scope), "reason": .text(reason)], idempotencyKey)
  }

  /// Posts a command of the ledger.
  func command(
    _ path: String, _ members: KeyValuePairs<String, JSON?>, _ idempotencyKey: String?
  ) async throws -> CommandResult {
    try CommandResult(
      try await send("POST", path, json: .object(members), idempotencyKey: idempotencyKey))
  }
}
