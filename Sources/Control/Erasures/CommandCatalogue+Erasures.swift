public import Domain

extension ChangeForm {
  /// An erasure; its id is made by the service, and a token takes the person's place before it is asked for.
  static let erasure: ChangeForm = {
    var form = ChangeForm(endpoint: "eraseData", made: ["erasure"], fields: erasureFields, subjectMember: "erasure") {
      $0["erasure"]?.string.map { "erasure/\($0)" }
    }
    form.contradictions = { body in
      let given = ["subject", "user", "positions"].filter { body[$0] != nil }
      if given.count != 1 {
        let detail = "expected: one of subject, user and positions"
        return [ValidationFault(pointer: "/\(given.last ?? "user")", code: "exclusive", detail: detail)]
      }
      guard body["kind"] != nil, body["user"] == nil else { return [] }
      return [ValidationFault(pointer: "/kind", code: "exclusive", detail: "expected: beside user only")]
    }
    return form
  }()

  static let release = ChangeForm(
    endpoint: "releaseHold", named: "hold", prefix: "hold/", fields: CommandCatalogue.fields(of: "hold.released"))

  private static let erasureFields: [EventField] = [
    EventField("erasure", .token(128), "The erasure's id."),
    EventField("subject", .text(1...256), isRequired: false, "Erase the events about this subject."),
    EventField(
      "user", .text(1...256), isRequired: false, "Erase the events that name this person, and forget the person."),
    EventField(
      "kind", .choice(["user", "session", "customer"]), isRequired: false,
      "What kind of name user is; user where it is missing."),
    EventField(
      "positions", .array(.integer(1...9_007_199_254_740_991), count: 1...1_000), isRequired: false,
      "Erase the events at these positions."),
    EventField(
      "before", .timestamp, isRequired: false,
      "Only events recorded before this moment; the person is still known by name then."),
    EventField("reason", .text(1...2_000), "Why; it stands in the log for good, so it names nobody."),
    EventField("legal_basis", .text(1...500), "What obliges or allows it, such as an article of law."),
  ]
}

extension CommandCatalogue {
  /// What a hold says.
  static let hold = Body(
    fields(of: "hold.placed", without: ["person"]) + [
      EventField("user", .text(1...256), isRequired: false, "Only events that name this person.")
    ])

  /// Places a hold; a token takes the person's place before it is decided.
  public static func placeHold(_ body: JSONView) throws(EventFaults) -> Command {
    let json = try checked("placeHold", body)
    guard json["kind"] == nil || json["user"] != nil else {
      throw EventFaults([
        ValidationFault(pointer: "/kind", code: "exclusive", detail: "expected: beside user only")
      ])
    }
    return .placeHold(json)
  }
}
