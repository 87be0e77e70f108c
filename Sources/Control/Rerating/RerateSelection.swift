public import Domain

/// Which completions a re-rating looks at: those that fit every member that is there.
public struct RerateSelection: Sendable, Equatable {
  /// The model that served.
  public var model: String?
  /// Who served it.
  public var provider: String?
  /// The purpose.
  public var operation: String?
  /// Their first posting date.
  public var from: CivilDate?
  /// Their last posting date.
  public var to: CivilDate?

  /// Selects everything; narrow it by its members.
  public init() {}

  /// Reads the members; nil where a day is none, or the first lies behind the last.
  public init?(_ json: JSON) {
    model = json["model"]?.string
    provider = json["provider"]?.string
    operation = json["operation"]?.string
    for (member, path) in [("from", \Self.from), ("to", \Self.to)] {
      guard let text = json[member]?.string else { continue }
      guard let day = CivilDate(text) else { return nil }
      self[keyPath: path] = day
    }
    if let from, let to, from > to { return nil }
  }

  /// The members that are there.
  public var json: JSON {
    .object([
      "model": model.map { .text($0) }, "provider": provider.map { .text($0) },
      "operation": operation.map { .text($0) }, "from": from.map { .text($0.description) },
      "to": to.map { .text($0.description) },
    ])
  }
}
