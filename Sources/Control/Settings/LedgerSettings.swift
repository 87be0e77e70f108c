import Domain

/// What a ledger was opened with; fixed after its first fact.
public struct LedgerSettings: Sendable, Equatable {
  /// The ledger's name, as its opening says it.
  public var name: String
  /// IANA name of the reporting time zone.
  public var timeZone: String
  /// Currency that finance reports in.
  public var reportingCurrency: String
  /// Version of the rules that the ledger was opened under.
  public var rulesVersion: Int
  /// The models of the tiers, as the environment had them then.
  public var tiers: Tiers
  /// Position of `ledger.opened`: what comes before it is bootstrap.
  public var openedAt: Int64
}

/// The settings with their overlay.
struct SettingsPart: Sendable {
  private(set) var merged: LedgerSettings?
  private(set) var current: LedgerSettings?
  /// Grows with each merge that changed something.
  private(set) var version = 0

  init(_ merged: LedgerSettings? = nil) {
    self.merged = merged
    self.current = merged
  }

  mutating func apply(opened event: AppliedEvent) {
    current = LedgerSettings(
      name: event.text("name"), timeZone: event.text("time_zone"),
      reportingCurrency: event.text("reporting_currency"),
      rulesVersion: Int(event.integer("rules_version")), tiers: event.data["tiers"].flatMap { Tiers($0) } ?? Tiers(),
      openedAt: event.position)
  }

  mutating func merge() {
    guard merged != current else { return }
    merged = current
    version += 1
  }

  mutating func drop() { current = merged }
}

extension ControlState {
  /// What the ledger was opened with; nil before it was opened.
  public var settings: LedgerSettings? { settingsPart.current }

  /// Opens a ledger: the prices first, as bootstrap, then `ledger.opened`.
  func decideOpening(_ body: JSON, prices: [JSON], _ context: CommandContext) throws(Refusal) -> [PlannedEvent] {
    guard settings == nil else {
      throw Refusal(code: "ledger-already-open", status: 409, detail: "The ledger \(ledger) is open already.")
    }
    try context.requireHuman("open a ledger", systemPasses: true)
    guard body["name"]?.string == ledger else {
      throw Refusal(code: "wrong-ledger", status: 422, detail: "The name must be that of the ledger, \(ledger).")
    }
    var data = body
    data["rules_version"] = .integer(Int64(Self.rulesVersion))
    let listed = try listings(prices, context).map(\.event)
    let opened = PlannedEvent(
      type: "ledger.opened", subject: "ledger/\(ledger)", data: data,
      derived: .object(["owner": .text(context.principal.owner)]))
    return listed + [opened]
  }
}
