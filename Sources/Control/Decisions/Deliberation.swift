import Domain

/// A decision in the making: what was found out so far.
struct Deliberation: Sendable {
  /// How a decision ends.
  enum Outcome: String, Sendable {
    case allowed, denied
    case needsApproval = "needs_approval"
  }

  let request: DecisionRequest
  var outcome = Outcome.denied
  /// The code that decided a denial.
  var leading: DecisionCode?
  var route: Route?
  var candidates: [Candidate] = []
  var reliance = Reliance()
  /// What each step found, in order: the rationale.
  var steps: [String] = []
  /// The approval that an allowed call is made under, or that is asked for.
  var approval: String?
  /// Elements of `derived.reservations`.
  var reservations: [JSON] = []

  init(_ request: DecisionRequest) { self.request = request }

  /// Ends a decision before any candidate was looked at.
  mutating func deny(_ code: DecisionCode, _ step: String) {
    leading = code
    steps.append(step)
  }

  /// The model that serves.
  var winner: Candidate? { candidates.first { $0.fate == .chosen } }
  /// Those that may serve after it, in order.
  var fallbacks: [Candidate] { candidates.filter { $0.fate == .fallback } }

  /// The deciding code first, then what else stood in the way, then what was exceeded softly; each once, in order.
  var reasons: [String] {
    var reasons: [String] = []
    func add(_ reason: String) { if !reasons.contains(reason) { reasons.append(reason) } }
    if let leading { add(leading.rawValue) }
    for candidate in candidates { if let code = candidate.code { add(code.rawValue) } }
    for candidate in candidates where candidate.code == nil { candidate.warnings.forEach(add) }
    return reasons
  }

  /// When something may be otherwise, where a denied call is worth another try.
  var retryAfterMilliseconds: Int64? {
    outcome == .denied ? candidates.compactMap(\.retryAfterMilliseconds).min() : nil
  }

  /// Whose estimate the answer shows: what serves, what waits for the approval, or what was looked at first.
  var shown: Candidate? {
    winner ?? candidates.first(where: \.lacksOnlyApproval) ?? candidates.first { $0.estimate != nil }
  }
}
