/// The small part of the control state that is needed without asking the writer: to know who asks, and for guards.
///
/// It shares nothing with the state that a batch would have to copy, but for the keys and owners, which change rarely.
public struct ControlExtract: Sendable {
  /// What the ledger was opened with; nil before it was opened.
  public var settings: LedgerSettings?
  /// Every owner, by id.
  public var owners: [String: Owner]
  /// Every key, revoked and expired ones included, by id.
  public var keys: [String: KeyRecord]
  /// Every active switch, by scope.
  public var activeKillSwitches: [KillSwitch]
}

extension ControlState {
  /// Which version of the extract the merged state gives; it grows when one of the parts changed.
  public var extractVersion: Int {
    settingsPart.version + owners.version + keys.version + activeSwitches.version
  }

  /// The extract of the merged state.
  public var extract: ControlExtract {
    ControlExtract(
      settings: settingsPart.merged, owners: owners.merged, keys: keys.merged,
      activeKillSwitches: activeSwitches.merged.values.sorted { $0.scope < $1.scope })
  }
}
