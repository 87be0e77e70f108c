public import Domain

/// The bodies of commands: what each may hold, and how it becomes a `Command`.
///
/// Written in the catalogue's own field language and, where a command causes an event of the same members, from the
/// catalogue's own fields, so that a body that passes gives an event that passes. Every function throws all faults of
/// a body at once, with pointers into it.
public enum CommandCatalogue {
  /// The members of an operation's body, by the operation's name in the interface; nil where it has none.
  public static func fields(of operation: String) -> [EventField]? { bodies[operation]?.fields }

  /// The reason of a decision about an approval, or of a key's revocation.
  public static func reason(_ body: JSONView) throws(EventFaults) -> String {
    text("reason", try checked("grantApproval", body))
  }

  /// Activates a kill switch; `api` triggers where the body does not say.
  public static func activateKillSwitch(_ body: JSONView) throws(EventFaults) -> Command {
    let json = try checked("activateKillSwitch", body)
    let scope = ExactText(text("scope", json))
    guard !KillSwitch.namesAll(scope) else {
      throw EventFaults([
        ValidationFault(
          pointer: "/scope", code: "pattern",
          detail: "expected: global, or one name; a switch on * would stop nothing but what is called so")
      ])
    }
    guard KillSwitch.isScope(scope) else {
      throw EventFaults([
        ValidationFault(
          pointer: "/scope", code: "pattern",
          detail: "expected: global, or a name under \(KillSwitch.scopePrefixes.joined(separator: ", "))")
      ])
    }
    return .activateKillSwitch(
      scope: scope, reason: text("reason", json), triggeredBy: json["triggered_by"]?.string ?? "api")
  }

  /// Reverses an entry.
  public static func reverseEntry(_ body: JSONView) throws(EventFaults) -> Command {
    let json = try checked("reverseEntry", body)
    return .reverseEntry(position: integer("position", json), reason: text("reason", json))
  }

  /// Lets a projection, which the path names, go past an event.
  public static func skipEvent(_ body: JSONView, projection: String) throws(EventFaults) -> Command {
    let json = try checked("skipEvent", body)
    return .skipProjectionEvent(
      projection: projection, version: Int(integer("version", json)), position: integer("position", json),
      reason: text("reason", json))
  }

  /// Opens a ledger: UTC and USD where the body does not say; prices and changes that come with it are bootstrap.
  public static func openLedger(
    _ body: JSONView, tiers: Tiers = .standard
  ) throws(EventFaults) -> (name: String, command: Command) {
    var json = try checked("openLedger", body)
    let prices = json["prices"]?.elements ?? []
    let changes = try changes(json["changes"]?.elements ?? [], at: "/changes")
    json["prices"] = nil
    json["changes"] = nil
    if json["time_zone"] == nil { json["time_zone"] = .text(ReportingZone.utc.identifier) }
    json["tiers"] = tiers.replaced(by: json["tiers"].flatMap { Tiers($0) }).json
    if json["reporting_currency"] == nil { json["reporting_currency"] = .text("USD") }
    return (text("name", json), .openLedger(json, prices: prices, changes: changes))
  }
}

extension CommandCatalogue {
  /// Longest body in RFC 8785 form, in bytes: an event's data, less room for what the ledger adds to it.
  static let longestBody = Catalogue.dataBytes - 512

  /// Checks a body against its schema and copies it.
  static func checked(_ operation: String, _ body: JSONView) throws(EventFaults) -> JSON {
    guard let schema = bodies[operation]?.schema else { preconditionFailure("\(operation) takes no body") }
    let faults = schema.faults(in: body)
    guard faults.isEmpty else { throw EventFaults(faults) }
    // A list of prices becomes an event each; every other body becomes one event, which must fit the log.
    // The form of RFC 8785 is never longer than what it is made from.
    if body.source.count > longestBody, operation != "addPrices", operation != "openLedger",
      body.canonical.count > longestBody
    {
      throw EventFaults([
        ValidationFault(pointer: "", code: "data-size", detail: "a body takes at most \(longestBody) bytes")
      ])
    }
    return JSON(body)
  }

  static func text(_ member: String, _ json: JSON) -> String {
    guard let text = json[member]?.string else { preconditionFailure("the schema requires \(member)") }
    return text
  }

  private static func integer(_ member: String, _ json: JSON) -> Int64 {
    guard let integer = json[member]?.integer else { preconditionFailure("the schema requires \(member)") }
    return integer
  }
}
