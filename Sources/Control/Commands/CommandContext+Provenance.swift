import Domain

extension ControlState {
  /// What every event of a command concludes: the accountable owner, and that it came before the ledger was opened.
  func provenance(_ context: CommandContext) -> JSON {
    var derived = JSON.object(["owner": .text(context.principal.owner)])
    if settings == nil { derived["bootstrap"] = .boolean(true) }
    return derived
  }
}

extension CommandContext {
  /// Refuses everybody but people; the ledger itself passes where `systemPasses` (bootstrap).
  func requireHuman(_ deed: String, systemPasses: Bool = false) throws(Refusal) {
    switch principal.kind {
    case .human: return
    case .system where systemPasses: return
    default: throw Refusal(code: "human-required", status: 403, detail: "Only a key of kind human may \(deed).")
    }
  }

  /// Refuses agents: they may stop and tighten, never loosen.
  func refuseAgent(_ deed: String) throws(Refusal) {
    guard principal.kind != .agent else {
      throw Refusal(
        code: "agent-may-not-loosen", status: 403, detail: "A key of kind agent may stop and tighten, not \(deed).")
    }
  }
}
