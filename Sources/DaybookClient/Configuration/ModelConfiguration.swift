public import Domain

/// A model that decisions may choose.
public struct ModelConfiguration: Sendable, Hashable {
  /// The exact name.
  public var model: String
  /// Who serves it.
  public var provider: String
  /// Whether the deployment offers it; admins alone switch it on.
  public var isPlatformEnabled: Bool
  /// Whether this ledger uses it.
  public var isEnabled: Bool
  /// Other names that requests may ask for it by; at most 16.
  public var aliases: [String]
  /// The tier that its spend counts for: `strong`, `mid` or `cheap`.
  public var tier: String?
  /// The kinds of keys that may be served by it; any where it is empty.
  public var allowedKinds: [ActorKind]
  /// Who may be served by it, as `owner/…` or `key/…`; anybody where it is empty.
  public var allowedCallers: [String]
  /// The most tokens that a call's input takes.
  public var maximumInputTokens: Int64?
  /// The most tokens that an answer takes.
  public var maximumOutputTokens: Int64?

  /// Makes a model.
  public init(
    _ model: String, provider: String, isPlatformEnabled: Bool = true, isEnabled: Bool = true,
    aliases: [String] = [], tier: String? = nil, allowedKinds: [ActorKind] = [], allowedCallers: [String] = [],
    maximumInputTokens: Int64? = nil, maximumOutputTokens: Int64? = nil
  ) {
    self.model = model
    self.provider = provider
    self.isPlatformEnabled = isPlatformEnabled
    self.isEnabled = isEnabled
    self.aliases = aliases
    self.tier = tier
    self.allowedKinds = allowedKinds
    self.allowedCallers = allowedCallers
    self.maximumInputTokens = maximumInputTokens
    self.maximumOutputTokens = maximumOutputTokens
  }

  var json: JSON {
    .object([
      "model": .text(model), "provider": .text(provider), "platform_enabled": .boolean(isPlatformEnabled),
      "enabled": .boolean(isEnabled), "aliases": aliases.isEmpty ? nil : .array(aliases.map { .text($0) }),
      "tier": tier.map { .text($0) },
      "allowed_kinds": allowedKinds.isEmpty ? nil : .array(allowedKinds.map { .text($0.rawValue) }),
      "allowed_callers": allowedCallers.isEmpty ? nil : .array(allowedCallers.map { .text($0) }),
      "max_input_tokens": maximumInputTokens.map { .integer($0) },
      "max_output_tokens": maximumOutputTokens.map { .integer($0) },
    ])
  }
}
