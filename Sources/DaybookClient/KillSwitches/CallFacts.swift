/// What a call is about to be: the facts that kill switches may stop.
public struct CallFacts: Sendable, Hashable {
  /// The purpose, such as `chat_message`.
  public var operation: String?
  /// The model.
  public var model: String?
  /// Who serves it.
  public var provider: String?
  /// Who it is for.
  public var user: String?
  /// The team it is counted for.
  public var team: String?

  /// Makes facts; what is left out cannot be stopped by a switch of its kind.
  public init(
    operation: String? = nil, model: String? = nil, provider: String? = nil, user: String? = nil,
    team: String? = nil
  ) {
    self.operation = operation
    self.model = model
    self.provider = provider
    self.user = user
    self.team = team
  }

  /// True where a switch on this scope stops the call; texts are compared byte by byte.
  func isStopped(by scope: String) -> Bool {
    if Self.isSame(scope, "global") { return true }
    let facts = [
      ("operation/", operation), ("model/", model), ("provider/", provider), ("user/", user), ("team/", team),
    ]
    return facts.contains { prefix, value in value.map { Self.isSame(scope, prefix + $0) } ?? false }
  }

  /// Swift's `==` would merge texts that differ in Unicode normalisation.
  private static func isSame(_ left: String, _ right: String) -> Bool { left.utf8.elementsEqual(right.utf8) }
}
