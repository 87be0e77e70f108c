import Domain

extension ControlState {
  /// The model of each tier: as the policy names it, else as the ledger was opened with.
  public var tiers: Tiers {
    let opened = settings?.tiers ?? Tiers()
    return Tiers(opened.models.merging(policy.tiers.models) { _, named in named })
  }
}

extension SnapshotReader {
  func tiers(_ member: String) throws(SnapshotFault) -> Tiers {
    guard let tiers = json[member].flatMap({ Tiers($0) }) else { throw Self.fault(member) }
    return tiers
  }
}
