public import Domain

extension CommandCatalogue {
  /// How each change is asked for.
  static let forms: [Change.Operation: ChangeForm] = [
    .listPrices: .prices, .configureRoute: .route, .configureModel: .model, .changeToggle: .toggle,
    .configurePolicy: .policy, .configureBudget: .budget,
    .deactivateKillSwitch: deactivation, .addOwner: owner, .issueKey: key, .acceptRecommendation: acceptance,
    .grantStanding: standing, .closePeriod: .closing, .reopenPeriod: .reopening, .rerate: .rerate,
    .eraseData: .erasure, .releaseHold: .release,
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
  ///   - made: the members that the service makes.
  ///   - computed: members that the service found out, an object.
  public static func change(
    _ operation: Change.Operation, _ body: JSONView, name: String? = nil, made: KeyValuePairs<String, String> = [:],
    computed: JSON? = nil
  ) throws(EventFaults) -> Command {
    guard let form = forms[operation] else { preconditionFailure("\(operation) has no form") }
    var json = try checked(form.endpoint, body)
    let sequence = json["sequence"]?.integer
    let terms = json["approval"].map { ApprovalTerms($0) }
    let breakGlass = json["break_glass"]?["reason"]?.string
    for member in changeMembers { json[member.name] = nil }
    for (member, value) in made { json[member] = .text(value) }
    for (member, value) in computed?.members ?? [:] { json[member.string] = value }
    if let named = form.named {
      guard let name else { preconditionFailure("the path of \(form.endpoint) holds \(named)") }
      json[named] = .text(name)
      try check(json, form, at: "")
    } else {
      let faults = form.contradictions(json)
      guard faults.isEmpty else { throw EventFaults(faults) }
    }
    let change = Change(
      operation: operation, subject: try subject(of: json, form, at: ""), sequence: sequence, body: json)
    return .change(change, terms: terms, breakGlass: breakGlass)
  }

  /// The subject of a whole body.
  private static func subject(of json: JSON, _ form: ChangeForm, at pointer: String) throws(EventFaults) -> String {
    if let subject = form.subject(json) { return subject }
    throw EventFaults([
      ValidationFault(
        pointer: "\(pointer)/\(form.subjectMember)", code: "pattern", detail: "it names nothing that can be changed")
    ])
  }

  /// Checks a whole body, as what comes from the path must be right too.
  private static func check(_ json: JSON, _ form: ChangeForm, at pointer: String) throws(EventFaults) {
    guard let root = try? JSONDocument(json.canonical).root else { preconditionFailure("a copy is strict JSON") }
    var faults = form.schema.faults(in: root, at: pointer)
    if faults.isEmpty {
      faults = form.contradictions(json).map { fault in
        var fault = fault
        fault.pointer = pointer + fault.pointer
        return fault
      }
    }
    guard faults.isEmpty else { throw EventFaults(faults) }
  }
}

extension CommandCatalogue {
  /// Reads the changes that a ledger is opened with: each {change, body}.
  public static func bootstrapChanges(_ list: [JSON]) throws(EventFaults) -> [Change] {
    try changes(list, at: "/changes")
  }

  /// Reads changes that stand in another body, such as those that a ledger is opened with.
  static func changes(_ list: [JSON], at pointer: String) throws(EventFaults) -> [Change] {
    var changes: [Change] = []
    for (index, json) in list.enumerated() { changes.append(try nested(json, at: "\(pointer)/\(index)")) }
    return changes
  }

  /// Reads a change that the ledger can make out of a request: {change, subject?, sequence?, body}.
  static func nested(_ json: JSON, at pointer: String) throws(EventFaults) -> Change {
    guard let root = try? JSONDocument(json.canonical).root else { preconditionFailure("a copy is strict JSON") }
    let faults = envelope.faults(in: root, at: pointer)
    guard faults.isEmpty else { throw EventFaults(faults) }
    func fault(_ member: String, _ code: String, _ detail: String) -> EventFaults {
      EventFaults([ValidationFault(pointer: "\(pointer)/\(member)", code: code, detail: detail)])
    }
    guard let operation = json["change"]?.string.flatMap(Change.Operation.init(rawValue:)),
      let form = forms[operation], form.made.isEmpty, let body = json["body"]
    else { throw fault("change", "enum", "this change is not asked for in this way") }
    try check(body, form, at: "\(pointer)/body")
    let subject = try subject(of: body, form, at: "\(pointer)/body")
    if let named = json["subject"]?.string, named != subject {
      throw fault("subject", "mismatch", "the body is about another subject")
    }
    return Change(operation: operation, subject: subject, sequence: json["sequence"]?.integer, body: body)
  }

  /// True for a change that the ledger can make.
  static func isChange(_ json: JSON) -> Bool {
    json["change"]?.string.flatMap(Change.Operation.init(rawValue:)) != nil
  }

  private static let envelope = Schema([
    EventField("change", .choice(Change.Operation.allCases.map(\.rawValue)), "What is changed."),
    EventField("subject", .text(1...256), isRequired: false, "The subject of the change's event."),
    EventField(
      "sequence", .integer(0...9_007_199_254_740_991), isRequired: false,
      "Last sequence of the subject that the change is made against."),
    EventField("body", .openObject, "The members of the configuration."),
  ])
}
