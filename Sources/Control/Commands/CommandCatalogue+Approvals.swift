public import Domain

extension CommandCatalogue {
  static let deactivation = ChangeForm(
    endpoint: "deactivateKillSwitch", fields: fields(of: "killswitch.deactivated", optional: ["triggered_by"]),
    subjectMember: "scope"
  ) { body in
    guard let scope = body["scope"]?.string.map({ ExactText($0) }), KillSwitch.isScope(scope) else { return nil }
    // A user's name may be longer than a subject: a token takes its place before there is one.
    return KillSwitch.subject(of: scope) ?? "kill-switch/user"
  }

  static let owner = ChangeForm(endpoint: "addOwner", fields: fields(of: "owner.added"), subjectMember: "owner") {
    $0["owner"]?.string.map { "owner/\($0)" }
  }

  static let key = ChangeForm(
    endpoint: "issueKey", made: ["key", "secret_sha256"], fields: fields(of: "key.issued", without: ["rotates"]),
    subjectMember: "key"
  ) { $0["key"]?.string.map { "key/\($0)" } }

  static let acceptance = ChangeForm(
    endpoint: "acceptRecommendation", named: "recommendation", prefix: "recommendation/",
    fields: fields(of: "recommendation.accepted"))

  /// It is made against the route of its operation.
  static let standing = ChangeForm(
    endpoint: "requestStanding",
    fields: [
      EventField("operation", .token(128), "The operation that it is for."),
      EventField("model", .token(128), isRequired: false, "The model that may serve; without it, any."),
      EventField(
        "ceiling", .money(wholeDigits: 12, allowsNegative: false), "The most that may be reserved and spent under it."
      ),
      EventField("ends", .timestamp, "When it ends: 366 days from now at most."),
    ], subjectMember: "operation"
  ) { $0["operation"]?.string.map { "route/\($0)" } }

  /// What a review says.
  static let review = Body(fields(of: "breakglass.reviewed", without: ["breakglass"]))
  /// What a recommendation says.
  static let recommendation = Body(fields(of: "recommendation.made", without: ["recommendation"]))
  /// What a rotation says.
  static let rotation = Body([
    EventField("reason", .text(1...2_000), "Why."),
    EventField(
      "overlap_seconds", .integer(0...ControlState.longestOverlapInSeconds), isRequired: false,
      "How long the old key holds beside the new one; an hour where it is missing."),
  ])

  /// Asks for an approval: of a change that the ledger can make, whose body is checked here, or of a described deed.
  public static func requestApproval(_ body: JSONView) throws(EventFaults) -> Command {
    var json = try checked("requestApproval", body)
    if let asked = json["change"], isChange(asked) { json["change"] = try nested(asked, at: "/change").json }
    return .requestApproval(json)
  }

  /// Reviews a change that was made alone.
  public static func reviewBreakGlass(_ body: JSONView, id: String) throws(EventFaults) -> Command {
    let json = try checked("reviewBreakGlass", body)
    return .reviewBreakGlass(id: id, verdict: text("verdict", json), reason: text("reason", json))
  }

  /// Recommends a change of a route or of a model, whose whole body is checked here.
  public static func recommend(_ body: JSONView) throws(EventFaults) -> Command {
    let json = try checked("makeRecommendation", body)
    guard let kind = json["kind"]?.string.flatMap(Recommendation.Kind.init(rawValue:)),
      let proposed = json["proposed"]
    else { preconditionFailure("the schema requires kind and proposed") }
    do {
      _ = try nested(.object(["change": .text(kind.changes.rawValue), "body": proposed]), at: "")
    } catch {
      throw EventFaults(
        error.faults.map { fault in
          var fault = fault
          let body = "/body"
          if fault.pointer.hasPrefix(body) { fault.pointer = "/proposed" + fault.pointer.dropFirst(body.count) }
          return fault
        })
    }
    return .recommend(json)
  }

  /// Replaces a key, by one that was minted outside.
  public static func rotateKey(
    _ body: JSONView, id: String, successor: String, secretSHA256: String
  ) throws(EventFaults) -> Command {
    let json = try checked("rotateKey", body)
    return .rotateKey(
      id: id, successor: successor, secretSHA256: secretSHA256, overlap: json["overlap_seconds"]?.integer ?? 3_600,
      reason: text("reason", json))
  }
}
