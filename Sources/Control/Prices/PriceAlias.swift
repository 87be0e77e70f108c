public import Domain

/// Another name of a model, under which a provider serves it: it has that model's prices.
public struct PriceAlias: Sendable, Hashable {
  /// What is looked up.
  public struct Name: Sendable, Hashable, Comparable {
    /// The other name.
    public var alias: String
    /// The provider that calls the model so; nil for any.
    public var provider: String?

    /// By name, then provider, any first; as bytes.
    public static func < (left: Name, right: Name) -> Bool {
      if left.alias != right.alias { return ExactText(left.alias) < ExactText(right.alias) }
      guard let provider = right.provider else { return false }
      return left.provider.map { ExactText($0) < ExactText(provider) } ?? true
    }
  }

  /// The name.
  public var name: Name
  /// The model by its exact name; nil where the alias has ended.
  public var model: String?
  /// The position of the `price.aliased` event.
  public var position: Int64

  /// Reads the data of `price.aliased`; nil where it is not valid.
  public init?(_ data: JSON, position: Int64) {
    guard let alias = data["alias"]?.string, !alias.isEmpty, data["model"]?.string != alias else { return nil }
    name = Name(alias: alias, provider: data["provider"]?.string)
    model = data["model"]?.string
    self.position = position
  }

  /// The alias that an event gave.
  init(aliased event: AppliedEvent) {
    guard let alias = PriceAlias(event.data, position: event.position) else { event.malformed("alias") }
    self = alias
  }

  /// The data of `price.aliased`, without the note.
  public var json: JSON {
    .object(["alias": .text(name.alias), "model": model.map(JSON.text), "provider": name.provider.map(JSON.text)])
  }
}
