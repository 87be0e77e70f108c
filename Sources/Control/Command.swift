public import Domain

/// What somebody asks the ledger to do; the events it causes are written by the ledger alone.
///
/// Bodies are the scanned and schema-checked JSON of the request (see `CommandCatalogue`, same field language as events).
public enum Command: Sendable {
  /// Opens the ledger: {name, time_zone, reporting_currency}; `prices` are listed before it, as bootstrap.
  case openLedger(JSON, prices: [JSON])
  /// Lists prices: each {model, provider?, usage_class, price: {amount, currency}, per, valid_from, note?}.
  case listPrices([JSON])
  case requestApproval(JSON)
  case grantApproval(id: String, reason: String)
  case rejectApproval(id: String, reason: String)
  case withdrawApproval(id: String, reason: String)
  /// {scope, reason, triggered_by?}
  case activateKillSwitch(scope: ExactText, reason: String, triggeredBy: String)
  case deactivateKillSwitch(scope: ExactText, reason: String, triggeredBy: String)
  /// Reverses the entry at a position, once.
  case reverseEntry(position: Int64, reason: String)
  case skipProjectionEvent(projection: String, version: Int, position: Int64, reason: String)
  /// `system` ledger: {owner, name, email?}
  case addOwner(JSON)
  /// `system` ledger: {key?, kind, owner, roles, ledgers, sources?, expires?, secret_sha256, note?}; the secret never gets here.
  case issueKey(JSON)
  case revokeKey(id: String, reason: String)
  /// Records that a request was refused for lack of a role.
  case recordRefusal(JSON)

  /// Positions of events that the decision must see.
  public var neededPositions: [Int64] { if case .reverseEntry(let position, _) = self { [position] } else { [] } }
  /// Subjects whose last sequence the decision must see.
  public var neededSubjects: [String] {
    if case .reverseEntry(let position, _) = self { ["entry/\(position)"] } else { [] }
  }
}
