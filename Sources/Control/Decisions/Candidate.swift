import Domain

/// A model that a decision looks at, and what becomes of it.
struct Candidate: Sendable {
  /// Why the model is looked at, in the order of domain.md.
  enum Origin: String, Sendable, CaseIterable {
    case requested, tier, session, primary, fallback
    case ledgerDefault = "ledger_default"
  }

  /// What becomes of it.
  enum Fate: Sendable, Equatable {
    /// It passed, and nobody was chosen before it.
    case chosen
    /// It passed, and may serve where what was chosen fails.
    case fallback
    /// It may not serve.
    case failed(DecisionCode)

    var text: String {
      switch self {
      case .chosen: "chosen"
      case .fallback: "fallback"
      case .failed(let code): code.rawValue
      }
    }
  }

  /// The model's exact name.
  let name: String
  let origin: Origin
  /// The model as it is configured; nil where it is not.
  let model: Model?
  /// Until it is tried: as if it were not known.
  var fate = Fate.failed(.modelDisabled)
  /// For people: why it failed.
  var detail: String?
  /// When it may pass, in milliseconds from now.
  var retryAfterMilliseconds: Int64?
  /// What the call would use at most; nil where it failed before that mattered.
  var estimate: CallEstimate?
  /// What the call would count for, and at most; nil where it failed before that mattered.
  var spend: (key: SpendKey, most: SpendEstimate)?
  /// The grant that it would be served under.
  var approval: String?
  /// Soft budgets that it would exceed.
  var warnings: [String] = []
  /// True where an approval is all that it lacks.
  var lacksOnlyApproval = false

  init(_ name: String, _ origin: Origin, _ model: Model?) {
    self.name = name
    self.origin = origin
    self.model = model
  }

  mutating func fail(_ code: DecisionCode, _ detail: String, retryAfterMilliseconds: Int64? = nil) {
    fate = .failed(code)
    // Part of a sentence, as the rationale has it.
    self.detail = detail.hasSuffix(".") ? String(detail.dropLast()) : detail
    self.retryAfterMilliseconds = retryAfterMilliseconds
  }

  var code: DecisionCode? { if case .failed(let code) = fate { code } else { nil } }

  /// The scopes of kill switches that stop it, by each of its names.
  var scopes: [String] {
    let names = [name] + (model?.aliases ?? [])
    return names.map { "model/\($0)" } + (model.map { ["provider/\($0.provider)"] } ?? [])
  }

  /// `{"model", "provider", "origin", "fate", "detail"}`.
  var json: JSON {
    .object([
      "detail": detail.map(JSON.text), "fate": .text(fate.text), "model": .text(name),
      "origin": .text(origin.rawValue), "provider": model.map { .text($0.provider) },
    ])
  }
}
