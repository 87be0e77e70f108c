public import Domain

/// Whose spend a budget counts: `ledger`, or a name or `*` under `user/`, `team/`, `operation/`, `model/`, `provider/`,
/// `strategy/` or `tier/`.
///
/// With `*` each value has a counter of its own. Users are named by their tokens.
public struct BudgetScope: Sendable, Hashable {
  /// What the spend is told apart by.
  public enum Dimension: String, Sendable, Hashable, CaseIterable {
    case ledger, user, team, operation, model, provider, strategy, tier

    /// True where the calls of one decision can differ in it: a fallback is another model.
    var isOfTheCandidate: Bool { self == .model || self == .provider || self == .tier }
  }

  /// What the spend is told apart by.
  public var dimension: Dimension
  /// The one value that counts; nil for every value, and for the ledger.
  public var name: ExactText?

  /// The whole ledger.
  static let ledger = BudgetScope(dimension: .ledger, name: nil)

  private init(dimension: Dimension, name: ExactText?) {
    self.dimension = dimension
    self.name = name
  }

  /// Reads a scope; nil where the text is none.
  public init?(_ text: String) {
    if ExactText(text) == "ledger" {
      dimension = .ledger
      return
    }
    guard let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")),
      let dimension = Dimension(rawValue: String(text[..<slash])), dimension != .ledger
    else { return nil }
    let name = String(text[text.utf8.index(after: slash)...])
    guard !name.isEmpty else { return nil }
    self.dimension = dimension
    self.name = ExactText(name) == "*" ? nil : ExactText(name)
  }

  /// True where each value has a counter of its own.
  public var isEach: Bool { dimension != .ledger && name == nil }

  /// The text.
  public var text: String {
    dimension == .ledger ? "ledger" : "\(dimension.rawValue)/\(name?.string ?? "*")"
  }
}
