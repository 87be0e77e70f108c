/// Why a call that was to be routed has no answer.
public struct RoutingError: Error, Sendable {
  /// The kinds of errors; more may come, so a `switch` needs a default.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Kind: String, Sendable { case invalidCall, noDecision, alreadyRouted, noProvider, stopped, failed }

    private let kind: Kind

    private init(_ kind: Kind) { self.kind = kind }

    /// The call's id is too long to name its attempts.
    public static let invalidCall = Self(.invalidCall)
    /// The ledger gave no decision, so nothing was called; see `cause`.
    public static let noDecision = Self(.noDecision)
    /// A call with this id was decided before: it may have been served, and is not served twice.
    public static let alreadyRouted = Self(.alreadyRouted)
    /// None of the allowed models has a provider here.
    public static let noProvider = Self(.noProvider)
    /// A kill switch stopped the call between its decision and its answer.
    public static let stopped = Self(.stopped)
    /// Every attempt that was allowed failed.
    public static let failed = Self(.failed)

    /// The code's name.
    public var description: String { kind.rawValue }
  }

  /// What happened.
  public var code: Code
  /// What the ledger decided, where it did.
  public var decision: Decision?
  /// The attempts, each recorded.
  public var attempts: [RoutedAttempt]
  /// What the guard said, where it stopped the call.
  public var verdict: KillSwitchVerdict?
  /// What lay underneath: a ``DaybookError``, or the last attempt's ``AIProviderError``.
  public var cause: (any Error)?

  /// Makes an error.
  public init(
    _ code: Code, decision: Decision? = nil, attempts: [RoutedAttempt] = [], verdict: KillSwitchVerdict? = nil,
    cause: (any Error)? = nil
  ) {
    self.code = code
    self.decision = decision
    self.attempts = attempts
    self.verdict = verdict
    self.cause = cause
  }
}

extension RoutingError: CustomStringConvertible {
  /// Code, decision and the attempts' errors; neither keys nor what was said.
  public var description: String {
    "RoutingError(\(code))" + (decision.map { " \($0)" } ?? "")
      + attempts.map { "; \($0.target.model) \($0.error.map { "\($0)" } ?? $0.status.rawValue)" }.joined()
      + (attempts.isEmpty ? cause.map { "; \($0)" } ?? "" : "")
  }
}
