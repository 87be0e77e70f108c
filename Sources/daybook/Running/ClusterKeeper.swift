import Lifecycle
import Postgres

/// Keeps the private Postgres running: starts it again when it died, and says so.
struct ClusterKeeper: Part {
  let name = "postgres"
  let cluster: PrivateCluster
  let report: PartGroup.Report
  private static let interval: Duration = .milliseconds(500)

  func run(_ shutdown: GracefulShutdown) async throws {
    var policy = RestartPolicy()
    var startedAt = ContinuousClock.now
    while !(await shutdown.isRequested(within: Self.interval)) {
      try Task.checkCancellation()
      let cluster = cluster
      if try await blocking({ cluster.isRunning }) { continue }
      switch policy.died(after: startedAt.duration(to: .now)) {
      case .giveUp: throw LifecycleError(.gaveUp, "postgres died too often in a row; see \(cluster.folder)/log")
      case .restart(let wait):
        report("postgres died; starting it again")
        if await shutdown.isRequested(within: wait) { return }
        do {
          try await blocking { try cluster.start() }
        } catch {
          report("postgres did not start: \(error)")
        }
        startedAt = .now
      }
    }
  }
}
