public import Domain

extension CommandCatalogue {
  /// How each change is asked for.
  static let forms: [Change.Operation: ChangeForm] = [
    .listPrices: .prices, .configureRoute: .route, .configureModel: .model, .changeToggle: .toggle,
    .configurePolicy: .policy, .configureBudget: .budget,
  ]

  /// What every request for a change may hold besides the configuration.
  static let changeMembers: [EventField] = [
    EventField(
      "sequence", .integer(0...9_007_199_254_740_991), isRequired: false,
      "Last sequence of the subject that the change is made against; without it, the present one."),
    EventField(
      "approval", .object(terms), isRequired: false,
      "What is said for the change, where it needs a second human."),
    EventField(
      "break_glass", .object([EventField("reason", .text(1...2_000), "Why nobody else could be asked.")]),
      isRequired: false, "An admin makes the change alone; it stands in the queue until another owner reviews it."),
  ]

  /// The members of a request that speak for a change.
  private static let terms = fields(
    of: "approval.requested", without: ["kind", "change", "change_digest"], optional: ["reason_code", "expires_at"])

  /// A change of the configuration.
  ///
  /// - Parameters:
  ///   - operation: what is changed.
  ///   - body: the configuration's members and, optionally, `sequence`, `approval` and `break_glass`.
  ///   - name: the member that the path holds, as it stands there; nil where it holds none.
  public static func change(
    _ operation: Change.Operation, _ body: JSONView, name: String? = nil
  ) throws(EventFaults) -> Command {
    guard let form = forms[operation] else { preconditionFailure("\(operation) has no form") }
    var json = try checked(form.endpoint, body)
    let sequence = json["sequence"]?.integer
    let terms = json["approval"].map { ApprovalTerms($0) }
    let breakGlass = json["break_glass"]?["reason"]?.string
    for member in changeMembers { json[member.name] = nil }
    if let named = form.named {
      guard let name else { preconditionFailure("the path of \(form.endpoint) holds \(named)") }
      json[named] = .text(name)
      try check(json, form)
    }
    guard let subject = form.subject(json) else {
      throw EventFaults([
        ValidationFault(pointer: "", code: "pattern", detail: "the body names nothing that can be changed")
      ])
    }
    let change = Change(operation: operation, subject: subject, sequence: sequence, body: json)
    return .change(change, terms: terms, breakGlass: breakGlass)
  }

  /// Checks a change's whole body: what the path holds must be right too.
  private static func check(_ json: JSON, _ form: ChangeForm) throws(EventFaults) {
    guard let root = try? JSONDocument(json.canonical).root else { preconditionFailure("a copy is strict JSON") }
    var faults = form.schema.faults(in: root)
    if faults.isEmpty { faults = form.contradictions(json) }
    guard faults.isEmpty else { throw EventFaults(faults) }
  }
}
