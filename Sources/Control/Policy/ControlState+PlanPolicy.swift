import Domain

extension ControlState {
  /// The rules of decision that hold for all routes.
  public var policy: Policy { routing.policy.current }

  /// Configures the policy. Free: to let models rest sooner and longer, to keep reservations longer, to refuse more, and
  /// how long a session is pinned.
  func planPolicy(_ change: Change, _ context: CommandContext) throws(Refusal) -> ChangePlan {
    guard let policy = Policy(change.body, position: 0) else { throw .incomplete("policy") }
    var stakes = Stakes()
    stakes.compare(self.policy, policy)
    let event = PlannedEvent(
      type: "policy.configured", subject: change.subject, data: change.body, derived: provenance(context),
      lastSequence: sequence(of: change))
    return ChangePlan(events: [event], stake: stakes.combined)
  }
}

extension Stakes {
  /// What is given up where a policy takes the place of another.
  fileprivate mutating func compare(_ present: Policy, _ policy: Policy) {
    note(
      policy.defaultModel != present.defaultModel && policy.defaultModel != nil, .modelSwitch, .medium,
      "the ledger's default model becomes \(policy.defaultModel ?? "none")")
    let switched = policy.tiers.models.filter { present.tiers[$0.key] != $0.value }.keys.sorted().map(\.rawValue)
    let restored = present.tiers.models.keys.filter { policy.tiers[$0] == nil }.sorted().map(\.rawValue)
    note(
      !(switched + restored).isEmpty, .modelSwitch, .medium,
      "other models stand for the tiers \((switched + restored).joined(separator: ", "))")
    note(Self.isLoosened(present.coolDown, policy.coolDown), .loosening, .high, "failing models rest later or less")
    note(
      policy.reservationLifeSeconds < present.reservationLifeSeconds, .loosening, .high,
      "reservations end before calls that take as long as before")
    note(
      present.refusesUnknownPrice && !policy.refusesUnknownPrice, .loosening, .high,
      "models whose price is not known may be used")
  }

  private static func isLoosened(_ present: Policy.CoolDown?, _ rule: Policy.CoolDown?) -> Bool {
    guard let present else { return false }
    guard let rule else { return true }
    return rule.failures > present.failures || rule.windowSeconds < present.windowSeconds
      || rule.durationSeconds < present.durationSeconds
  }
}
