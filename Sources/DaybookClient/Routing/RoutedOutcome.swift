/// What became of a call that was to be routed.
public enum RoutedOutcome<Value: Sendable>: Sendable {
  /// It was allowed, and served.
  case routed(Value)
  /// The ledger refused it, and recorded that: see ``Decision/reasons`` and ``Decision/retryAfter``.
  case denied(Decision)
  /// It waits for an approval: see ``Decision/approval``.
  case needsApproval(Decision)
  /// The guard refused it: a kill switch is active, or nobody knows. The refusal is recorded.
  case stopped(KillSwitchVerdict)

  /// What was routed; nil for every other outcome.
  public var value: Value? { if case .routed(let value) = self { value } else { nil } }
}
