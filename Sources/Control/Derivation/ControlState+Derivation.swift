public import Domain

extension ControlState {
  /// What the ledger concludes about a fact (cost lines, posting date, lateness); persons are added by the writer.
  /// nil where it concludes nothing.
  public func derive(_ draft: EventDraft, occurredAt: Timestamp, recordedAt: Timestamp, zone: ReportingZone) -> JSON?
  {
    fatalError("contract")
  }

  /// What `derive` concludes, persons included, as canonical bytes; nil where it concludes nothing.
  public func derivedBytes(
    _ draft: EventDraft, occurredAt: Timestamp, recordedAt: Timestamp, zone: ReportingZone,
    persons: [(pointer: String, token: String)]
  ) -> [UInt8]? {
    fatalError("contract")
  }
}
