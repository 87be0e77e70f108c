@preconcurrency import Glibc
import Postgres
import Testing
import TestKit

extension Faults {
  /// SIGKILL for every kind of process, while clients append.
  @Suite struct KillTests {
    private enum Victim: String, CaseIterable { case api, projector, backend, postgres, postgresImmediate }

    @Test("whoever is killed, what was acknowledged is there once, and the books agree with the log")
    func kills() async throws {
      var random = FaultPlan.random()
      let cluster = TestCluster.own()
      defer { cluster.remove() }
      try await cluster.withDatabase { settings in
        let deployment = try await Deployment(settings)
        defer { deployment.end() }
        var servers = [try await deployment.serve(), try await deployment.serve()]
        var projectors = [try deployment.project(), try deployment.project()]
        let load = Load(servers.map(\.daybook))
        load.start(6, "k", &random)
        let feed = TailingReader.following(servers[0].daybook)
        let spool = try await SpooledLoad(
          servers[1].daybook, folder: "\(deployment.folder)/spool", seed: random.next())
        var told: [Victim] = []
        for round in 0..<FaultPlan.rounds(10) {
          try await Task.sleep(for: random.pause(200...700))
          // Each kind comes in the first five rounds; then as it happens.
          let victim =
            round < Victim.allCases.count ? Victim.allCases[round] : Victim.allCases.randomElement(using: &random)!
          told.append(victim)
          switch victim {
          case .api:
            let index = Int.random(in: servers.indices, using: &random)
            servers[index].process.send(SIGKILL)
            _ = try await servers[index].process.exit(within: .seconds(60))
            servers[index] = try await deployment.serve(port: servers[index].port)
          case .projector:
            let index = Int.random(in: projectors.indices, using: &random)
            projectors[index].send(SIGKILL)
            _ = try await projectors[index].exit(within: .seconds(60))
            projectors[index] = try deployment.project()
          case .backend:
            try await Self.killBackend(cluster.cluster, settings, &random)
          case .postgres, .postgresImmediate:
            try await Self.killPostgres(cluster.cluster, isImmediate: victim == .postgresImmediate, &random)
          }
        }
        await load.finish()
        let spooled = try await spool.finish()
        print("faults: \(load.journal.count) acknowledged, \(load.failures) failures; killed \(told.map(\.rawValue))")
        // Only those that were killed by us ended: nobody gives up because another one is away.
        for process in servers.map(\.process) + projectors {
          #expect(process.isRunning, "\(process.name) ended by itself:\n\(process.output.suffix(2000))")
        }
        let audit = try await LogAudit(servers[0].daybook)
        audit.checkRules()
        audit.check(load.journal)
        audit.check(spooled: spooled)
        await feed.expect(audit.head)
        try await audit.checkSpend(servers[1].daybook)
        try await deployment.verify()
      }
    }

    /// Kills the backend of one of Daybook's connections; Postgres then ends all sessions and recovers. It may still be
    /// recovering from the round before.
    private static func killBackend(
      _ cluster: PrivateCluster, _ settings: ConnectionSettings, _ random: inout SplitMix
    ) async throws {
      let connection = try await FaultPlan.connected(settings)
      defer { connection.close() }
      let rows = try connection.execute(
        """
        SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'daybook %'
          AND pid <> pg_backend_pid() ORDER BY application_name LIKE 'daybook writer%' DESC, pid LIMIT 6
        """)
      guard rows.count > 0 else { return }
      kill(pid_t(rows.int64(Int.random(in: 0..<rows.count, using: &random), 0)), SIGKILL)
    }

    private static func killPostgres(
      _ cluster: PrivateCluster, isImmediate: Bool, _ random: inout SplitMix
    ) async throws {
      if isImmediate {
        try await FaultPlan.blocking { try cluster.stop(.immediate) }
      } else {
        try await FaultPlan.blocking { cluster.kill() }
      }
      try await Task.sleep(for: random.pause(0...1200))
      try await FaultPlan.blocking { try cluster.start() }
    }
  }
}
