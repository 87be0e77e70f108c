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
      "evaluations": Self.list(evaluations), "kill_switches": Self.list(killSwitches), "models": Self.list(models),
      "policy": policy == 0 ? nil : .integer(policy), "prices": Self.list(prices),
      "route": route.map(JSON.integer), "toggles": Self.list(toggles),
    ])
  }

  private static func list(_ positions: Set<Int64>) -> JSON? {
    positions.isEmpty ? nil : .array(positions.sorted().map(JSON.integer))
  }
}
