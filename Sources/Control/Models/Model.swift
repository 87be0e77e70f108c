public import Domain

/// A model that decisions may choose: what it is called, who serves it, and to whom.
public struct Model: Sendable, Equatable {
  /// The exact name, such as `anthropic/claude-opus-4.6`.
  public var name: String
  /// Who serves it.
  public var provider: String
  /// False: the deployment does not offer it. Only admins switch it on.
  public var isPlatformEnabled: Bool
  /// False: this ledger does not use it.
  public var isEnabled: Bool
  /// Other names that requests may ask for it by.
  public var aliases: [String]
  /// The tier that its spend counts for; nil: that of `Tiers`, if any.
  public var tier: Tier?
  /// The kinds of keys that may be served by it; empty: any.
  public var allowedKinds: [ActorKind]
  /// Who may be served by it, as `owner/<id>` or `key/<id>`; empty: anybody.
  public var allowedCallers: [String]
  /// The most tokens that a call's input takes; nil: not known.
  public var maxInputTokens: Int64?
  /// The most tokens that an answer takes; nil: not known.
  public var maxOutputTokens: Int64?
  /// Position of its last `model.configured`.
  public var position: Int64

  /// Most aliases of one model.
  public static let mostAliases = 16
  /// Most callers that one model names.
  public static let mostCallers = 100
}

extension Model {
  /// Reads the members of `model.configured`; nil where they are not valid.
  init?(_ body: JSON, position: Int64) {
    guard let name = body["model"]?.string, let provider = body["provider"]?.string,
      let isPlatformEnabled = body["platform_enabled"]?.boolean, let isEnabled = body["enabled"]?.boolean
    else { return nil }
    self.init(
      name: name, provider: provider, isPlatformEnabled: isPlatformEnabled, isEnabled: isEnabled,
      aliases: body.texts("aliases"), tier: body["tier"]?.string.flatMap(Tier.init(rawValue:)),
      allowedKinds: body.texts("allowed_kinds").compactMap(ActorKind.init(rawValue:)),
      allowedCallers: body.texts("allowed_callers"), maxInputTokens: body["max_input_tokens"]?.integer,
      maxOutputTokens: body["max_output_tokens"]?.integer, position: position)
  }

  /// The members of `model.configured`, and the position of its last one.
  public var json: JSON {
    .object([
      "model": .text(name), "provider": .text(provider), "platform_enabled": .boolean(isPlatformEnabled),
      "enabled": .boolean(isEnabled), "aliases": .array(aliases.map(JSON.text)),
      "tier": tier.map { .text($0.rawValue) },
      "allowed_kinds": .array(allowedKinds.map { .text($0.rawValue) }),
      "allowed_callers": .array(allowedCallers.map(JSON.text)),
      "max_input_tokens": maxInputTokens.map(JSON.integer), "max_output_tokens": maxOutputTokens.map(JSON.integer),
      "position": .integer(position),
    ])
  }

  /// True where a caller may be served by the model.
  func allows(_ principal: Principal) -> Bool {
    (allowedKinds.isEmpty || allowedKinds.contains(principal.kind))
      && (allowedCallers.isEmpty || allowedCallers.contains("owner/\(principal.owner)")
        || allowedCallers.contains("key/\(principal.key)"))
  }
}
