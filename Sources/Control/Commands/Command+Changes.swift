public import Domain

// Changes by name, for those who make them from inside.
extension Command {
  /// Lets a scope run again; by people, with a second one.
  public static func deactivateKillSwitch(scope: ExactText, reason: String, triggeredBy: String) -> Command {
    let body = JSON.object([
      "scope": .string(scope), "reason": .text(reason), "triggered_by": .text(triggeredBy),
    ])
    return .plain(.deactivateKillSwitch, KillSwitch.subject(of: scope) ?? "", body)
  }

  /// `system` ledger: {owner, name, email?}.
  public static func addOwner(_ body: JSON) -> Command {
    .plain(.addOwner, "owner/\(body["owner"]?.string ?? "")", body)
  }

  /// `system` ledger: {key, kind, owner, roles, ledgers, sources?, expires?, secret_sha256, note?}; never the secret.
  public static func issueKey(_ body: JSON) -> Command {
    .plain(.issueKey, "key/\(body["key"]?.string ?? "")", body)
  }

  private static func plain(_ operation: Change.Operation, _ subject: String, _ body: JSON) -> Command {
    .change(Change(operation: operation, subject: subject, body: body), terms: nil, breakGlass: nil)
  }
}
