import Control
import DaybookClient
import Domain

/// Brings the demo's configuration to a ledger that was opened without it: what is there already stays as it is.
struct DemoSetup: Sendable {
  let daybook: Daybook
  let tiers: Tiers

  /// Where each kind of change is made, and how the list of what is there names its things.
  private static let places: [(change: Change.Operation, path: String, name: String, isInPath: Bool)] = [
    (.configureModel, "models", "model", false), (.configureRoute, "routes", "operation", true),
    (.changeToggle, "toggles", "toggle", true), (.configureBudget, "budgets", "budget", true),
  ]

  /// Makes the changes that are free on a ledger that is open, which all but the standing approvals are.
  func run() async throws {
    let changes = DemoDefaults.changes(tiers: tiers, now: Timestamp.now())
    for place in Self.places {
      let listed = try await daybook.send("GET", place.path).json()[place.path]?.elements ?? []
      let present = Set(listed.compactMap { $0[place.name]?.string })
      for change in changes where change["change"]?.string == place.change.rawValue {
        guard var body = change["body"], let name = body[place.name]?.string, !present.contains(name) else {
          continue
        }
        if place.isInPath { body[place.name] = nil }
        let path = place.isInPath ? "\(place.path)/\(CommandAnswer.escaped(name))" : place.path
        _ = try await daybook.send("PUT", path, json: body)
      }
    }
  }
}
