public import Domain

/// The model that stands for each tier.
///
/// Recorded in `ledger.opened`; a policy may name others since.
public struct Tiers: Sendable, Equatable {
  /// Models by tier; a tier without one offers no candidate.
  public var models: [Tier: String]

  /// Makes tiers.
  public init(_ models: [Tier: String] = [:]) { self.models = models }

  /// What a ledger is opened with where nobody says otherwise (domain.md, The defaults).
  public static let standard = Tiers([
    .strong: "anthropic/claude-opus-4.6", .mid: "anthropic/claude-sonnet-4.5", .cheap: "x-ai/grok-4.1-fast",
  ])

  /// The model of a tier.
  public subscript(tier: Tier) -> String? { models[tier] }

  /// The same with the models that other tiers name instead.
  public func replaced(by others: Tiers?) -> Tiers {
    Tiers(models.merging(others?.models ?? [:]) { _, other in other })
  }
}

extension Tiers {
  /// The environment's name for a tier's model.
  public static func variable(of tier: Tier) -> String { "DAYBOOK_MODEL_\(tier.rawValue.uppercased())" }

  /// The standard tiers with what the environment names instead; an empty variable counts as none.
  ///
  /// - Parameter environment: the process's variables, read outside.
  /// - Throws: the name of the first variable that holds no model's name.
  public static func standard(in environment: [String: String]) throws(NoModel) -> Tiers {
    var tiers = Tiers.standard
    for tier in Tier.byName {
      guard let model = environment[variable(of: tier)], !model.isEmpty else { continue }
      guard model.utf8.count <= 128, model.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
        throw NoModel(variable: variable(of: tier))
      }
      tiers.models[tier] = model
    }
    return tiers
  }

  /// A variable that holds no model's name: 1 to 128 printable ASCII characters without spaces.
  public struct NoModel: Error, Sendable, Equatable {
    /// Its name.
    public var variable: String
  }

  /// Reads `{"strong", "mid", "cheap"}`, each where it is there; nil for anything else.
  public init?(_ json: JSON) {
    guard let members = json.members else { return nil }
    self.init()
    for (name, value) in members {
      guard let tier = Tier(rawValue: name.string), let model = value.string else { return nil }
      models[tier] = model
    }
  }

  /// `{"strong", "mid", "cheap"}`, each where it has a model.
  public var json: JSON {
    .object(Dictionary(uniqueKeysWithValues: models.map { (ExactText($0.key.rawValue), JSON.text($0.value)) }))
  }
}
