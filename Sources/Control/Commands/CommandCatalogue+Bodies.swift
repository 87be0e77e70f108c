import Domain

extension CommandCatalogue {
  /// One body: its members, and the schema made of them.
  struct Body: Sendable {
    let fields: [EventField]
    let schema: Schema

    init(_ fields: [EventField]) {
      self.fields = fields
      schema = Schema(fields)
    }
  }

  /// The bodies by operation.
  static let bodies: [String: Body] = own.merging(
    forms.values.map { ($0.endpoint, $0.body) } + routingBodies.map { ($0, $1) }, uniquingKeysWith: { own, _ in own })

  private static let own: [String: Body] = [
    "requestApproval": Body(
      fields(of: "approval.requested", without: ["change_digest"], optional: ["kind", "expires_at"])),
    "grantApproval": reason,
    "rejectApproval": reason,
    "withdrawApproval": reason,
    "revokeApproval": reason,
    "reviewBreakGlass": review,
    "makeRecommendation": recommendation,
    "dismissRecommendation": reason,
    "revokeKey": reason,
    "rotateKey": rotation,
    "activateKillSwitch": killSwitch,
    "placeHold": hold,
    "reverseEntry": Body([position("The position of the entry."), reasonField]),
    "restateEntry": Body(
      [position("The position of the entry.")] + fields(of: "cost.restated", without: ["restates"])),
    "listRate": Body(fields(of: "rate.listed")),
    "recordDifference": Body(fields(of: "reconciliation.differed")),
    "skipEvent": Body(fields(of: "projection.event_skipped", without: ["projection"])),
    "openLedger": Body(
      fields(of: "ledger.opened", without: ["rules_version"], optional: ["time_zone", "reporting_currency"])
        + [prices(least: 0, isRequired: false), changes]),
  ]

  private static let reasonField = EventField("reason", .text(1...2_000), "Why.")
  private static let reason = Body([reasonField])
  private static let killSwitch = Body(fields(of: "killswitch.activated", optional: ["triggered_by"]))

  private static let changes = EventField(
    "changes", .array(.openObject, count: 0...ControlState.changesOfOneOpening), isRequired: false,
    "Changes that are made before the ledger is open, in this order, each {change, body}: bootstrap, without approvals."
  )

  private static func position(_ description: String) -> EventField {
    EventField("position", .integer(1...9_007_199_254_740_991), description)
  }

  private static func prices(least: Int, isRequired: Bool) -> EventField {
    EventField(
      "prices",
      .array(.object(priceFields), count: least...ControlState.mostPricesInOneCommand),
      isRequired: isRequired, "Prices, each as its event holds it; all are listed, or none.")
  }

  /// A price in a request: a unit may stand in the place of its count.
  static let priceFields = fields(of: "price.listed", optional: ["per"])

  /// The catalogue's fields of an event, some left out, some made optional.
  static func fields(
    of type: String, without excluded: Set<String> = [], optional: Set<String> = []
  ) -> [EventField] {
    guard let fields = Catalogue.standard.type(type)?.fields else {
      preconditionFailure("the catalogue has no type \(type)")
    }
    return fields.filter { !excluded.contains($0.name) }.map { field in
      guard optional.contains(field.name) else { return field }
      var field = field
      field.isRequired = false
      return field
    }
  }
}
