import Control
import Domain
import Log

extension Command {
  /// The source of decisions: their ids are the callers' own, unique in the ledger whoever asks.
  static let decisionSource = "/daybook/decisions"
  /// The source of what a decision causes besides itself.
  static let decisionEffectSource = "/daybook/decisions/effects"

  /// Id and source of the `index`th event that the command causes, from 0.
  ///
  /// - Parameter key: The idempotency key; of a decision, its id.
  func identity(_ index: Int, key: String, by principal: Principal) -> Identity {
    switch self {
    case .decide where index == 0: Identity(id: key, source: Self.decisionSource)
    case .decide: Identity(id: "\(key)#\(index)", source: Self.decisionEffectSource)
    default: Identity(id: "\(key)#\(index + 1)", source: "/daybook/commands/\(principal.key)")
    }
  }
}
