public import Domain

extension ChangeForm {
  static let route = ChangeForm(
    endpoint: "configureRoute", named: "operation", prefix: "route/",
    fields: CommandCatalogue.fields(of: "route.configured"))
  static let model = ChangeForm(
    endpoint: "configureModel", fields: CommandCatalogue.fields(of: "model.configured")
  ) { $0["model"]?.string.map { "model/" + $0 } }
  static let toggle = ChangeForm(
    endpoint: "changeToggle", named: "toggle", prefix: "toggle/",
    fields: CommandCatalogue.fields(of: "toggle.changed"))
  static let policy = ChangeForm(
    endpoint: "configurePolicy", fields: CommandCatalogue.fields(of: "policy.configured")
  ) { _ in Policy.subject }
}

extension CommandCatalogue {
  /// The bodies of commands about routing that change no configuration.
  static let routingBodies: [String: Body] = [
    "decideRoute": Body(Catalogue.decisionRequest),
    "recordEvaluation": Body(fields(of: "evaluation.recorded")),
  ]

  /// A request for a decision, and the caller's own name of the call.
  public static func decide(_ body: JSONView) throws(EventFaults) -> (id: String, command: Command) {
    let json = try checked("decideRoute", body)
    var faults: [ValidationFault] = []
    let id = json["id"]?.string ?? ""
    if id.utf8.contains(UInt8(ascii: "#")) {
      faults.append(ValidationFault(pointer: "/id", code: "pattern", detail: "expected: an id without #"))
    }
    if let estimate = json["estimate"], estimate["input_characters"] != nil, estimate["input_tokens"] != nil {
      faults.append(
        ValidationFault(
          pointer: "/estimate/input_characters", code: "exclusive",
          detail: "expected: characters or tokens of input, not both"))
    }
    guard faults.isEmpty else { throw EventFaults(faults) }
    return (id, .decide(json))
  }

  /// Records how a model did in a suite.
  public static func recordEvaluation(_ body: JSONView) throws(EventFaults) -> Command {
    .recordEvaluation(try checked("recordEvaluation", body))
  }
}

extension CommandCatalogue {
  /// Passes a toggle, which the path names.
  public static func enforceToggle(_ name: String) throws(EventFaults) -> Command {
    guard (1...128).contains(name.utf8.count), name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw EventFaults([
        ValidationFault(
          pointer: "/toggle", code: "pattern", detail: "expected: 1 to 128 printable ASCII characters without spaces")
      ])
    }
    return .enforceToggle(name)
  }
}
