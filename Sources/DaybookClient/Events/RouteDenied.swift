/// `route.denied`: a service refused a call by itself (`decided_by: "external"`). Subject: `call/<id>`.
public struct RouteDenied: EventContent, Equatable {
  /// The purpose, such as `chat_message`.
  public var operation: String
  /// The model that was asked for.
  public var model: String
  /// Who would have served it.
  public var provider: String
  /// Why, for people.
  public var rationale: String?

  /// `route.denied`.
  public var eventType: String { "route.denied" }

  /// Makes a denial.
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
