/// `route.decided`: a service chose a model by itself (`decided_by: "external"`). Subject: `call/<id>`.
public struct RouteDecided: EventContent, Equatable {
  /// The purpose, such as `chat_message`.
  public var operation: String
  /// The model chosen.
  public var model: String
  /// Who serves it.
  public var provider: String
  /// Why, for people.
  public var rationale: String?

  /// `route.decided`.
  public var eventType: String { "route.decided" }

  /// Makes a decision.
  public init(operation: String, model: String, provider: String, rationale: String? = nil) {
    self.operation = operation
    self.model = model
    self.provider = provider
    self.rationale = rationale
  }

  /// Writes the members in canonical order.
  public func write(to writer: inout DataWriter) {
    writer.object { writer in
      writer.member("decided_by", "external")
      writer.member("model", model)
      writer.member("operation", operation)
      writer.member("provider", provider)
      writer.member("rationale", rationale)
    }
  }
}
