import Domain

extension ControlState {
  /// The model of each tier: as the policy names it, else as the ledger was opened with.
  public var tiers: Tiers {
    let opened = settings?.tiers ?? Tiers()
    return Tiers(opened.models.merging(policy.tiers.models) { _, named in named })
  }

  /// The tier that a model stands for; the first by name where it stands for several. As `tiers` would say, but for the copy.
  func tier(of model: String) -> Tier? {
    Tier.byName.first { (policy.tiers[$0] ?? settings?.tiers[$0]) == model }
  }
}

extension SnapshotReader {
  func tiers(_ member: String) throws(SnapshotFault) -> Tiers {
    guard let tiers = json[member].flatMap({ Tiers($0) }) else { throw Self.fault(member) }
    return tiers
  }
}
