import Control
import Domain
import Log
import Postgres

extension API {
  /// The active switches for people and guards, who know persons by name: a token becomes the name again where it has one.
  func described(_ switches: [KillSwitch], in ledger: String) async throws -> JSON {
    let prefix = "user/"
    let tokens = switches.compactMap { killSwitch -> String? in
      let scope = killSwitch.scope.string
      return scope.hasPrefix(prefix) ? String(scope.dropFirst(prefix.count)) : nil
    }
    let names: [String: String]
    if tokens.isEmpty {
      names = [:]
    } else {
      names = try await registry.withConnection { try PersonTokens.names($0, ledger: ledger, of: tokens) }
    }
    return .array(
      switches.map { killSwitch in
        var scope = killSwitch.scope
        if let name = names[String(scope.string.dropFirst(prefix.count))] { scope = ExactText(prefix + name) }
        return .object([
          "scope": .string(scope), "reason": .text(killSwitch.reason), "position": .integer(killSwitch.position),
          "since": .text(killSwitch.activatedAt.description), "triggered_by": .text(killSwitch.triggeredBy),
          "actor": .text(killSwitch.actor),
        ])
      })
  }
}
