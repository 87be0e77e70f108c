import DaybookClient
import Postgres
import Testing
import TestKit

extension Faults {
  /// Several processes write one ledger, and others read along.
  @Suite struct ConcurrentWriterTests {
    @Test("three processes write, and neither a live feed nor a pager misses anything or sees it out of order")
    func tailing() async throws {
      var random = FaultPlan.random()
      for _ in 0..<FaultPlan.rounds(1) {
        try await withDatabase { settings in
          let deployment = try await Deployment(settings)
          defer { deployment.end() }
          var servers: [ServeProcess] = []
          for _ in 0..<3 { servers.append(try await deployment.serve()) }
          let feed = TailingReader.following(servers[0].daybook)
          let pages = Self.page(servers[1].daybook)
          let load = Load(servers.map(\.daybook))
          load.start(8, "w", &random)
          try await Task.sleep(for: .seconds(4))
          await load.finish()
          // Keys that were not looked at for a second fail closed, which a busy machine may bring about.
          #expect(Set(load.failures.keys).isSubset(of: ["authorisation-stale"]), "\(load.failures)")

          let audit = try await LogAudit(servers[2].daybook)
          audit.checkRules()
          audit.check(load.journal)
          await feed.expect(audit.head)
          await pages.expect(audit.head)
          try await deployment.verify()
        }
      }
    }

    private static func page(_ daybook: Daybook) -> TailingReader {
      TailingReader { reader in
        while true {
          let page = try await FaultPlan.patiently { try await daybook.events(after: reader.last, limit: 1000) }
          for record in page.records { reader.saw(record.position) }
          try await Task.sleep(for: .milliseconds(5))
        }
      }
    }
  }
}
