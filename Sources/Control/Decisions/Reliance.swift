import Domain

/// The positions of the events that a decision relied on.
struct Reliance: Sendable {
  var route: Int64?
  var models: Set<Int64> = []
  var policy: Int64 = 0
  var killSwitches: Set<Int64> = []
  var toggles: Set<Int64> = []
  var evaluations: Set<Int64> = []
  var prices: Set<Int64> = []

  /// By kind, ascending; what was not looked at is left out, and so is a policy that nobody configured.
  var json: JSON {
    .object([
      "route": route.map(JSON.integer), "models": Self.list(models),
      "policy": policy == 0 ? nil : .integer(policy), "kill_switches": Self.list(killSwitches),
      "toggles": Self.list(toggles), "evaluations": Self.list(evaluations), "prices": Self.list(prices),
    ])
  }

  private static func list(_ positions: Set<Int64>) -> JSON? {
    positions.isEmpty ? nil : .array(positions.sorted().map(JSON.integer))
  }
}
