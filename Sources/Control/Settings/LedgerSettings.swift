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
}
