/// Why a call or a candidate is not let through (domain.md, Decisions).
public enum DecisionCode: String, Sendable, Hashable, CaseIterable {
  /// A kill switch is active on something that the call is of.
  case killSwitchActive = "kill_switch_active"
  /// There is no route for the operation.
  case unknownOperation = "unknown_operation"
  /// The operation's route is disabled.
  case operationDisabled = "operation_disabled"
  /// The model is not known, or not enabled for platform and ledger.
  case modelDisabled = "model_disabled"
  /// The model, or asking for it, is not allowed to the caller.
  case notAllowed = "not_allowed"
  /// A required evaluation is missing or failed.
  case evaluationMissing = "evaluation_missing"
  /// The model failed too often lately.
  case coolingDown = "cooling_down"
  /// No grant covers operation and model.
  case approvalRequired = "approval_required"
  /// Too many tokens in this minute.
  case rateLimited = "rate_limited"
  /// A hard budget has no room.
  case budgetExceeded = "budget_exceeded"
  /// The cost is not known where it must be.
  case priceUnknown = "price_unknown"
}
