import Domain

extension LedgerSettings {
  var snapshot: JSON {
    .object([
      "name": .text(name), "time_zone": .text(timeZone), "reporting_currency": .text(reportingCurrency),
      "rules_version": .integer(Int64(rulesVersion)), "tiers": tiers.json, "opened_at": .integer(openedAt),
    ])
  }

  init(_ reader: SnapshotReader) throws(SnapshotFault) {
    self.init(
      name: try reader.text("name"), timeZone: try reader.text("time_zone"),
      reportingCurrency: try reader.text("reporting_currency"),
      rulesVersion: Int(try reader.integer("rules_version")), tiers: try reader.tiers("tiers"),
      openedAt: try reader.integer("opened_at"))
  }
}
