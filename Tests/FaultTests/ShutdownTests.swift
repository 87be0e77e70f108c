import DaybookClient
@preconcurrency import Glibc
import Postgres
import Testing
import TestKit

extension Faults {
  /// SIGTERM under load.
  @Suite struct ShutdownTests {
    @Test("a stopping service finishes and acknowledges what it accepted, refuses the rest, and ends with 0 in time")
    func graceful() async throws {
      var random = FaultPlan.random()
      try await withDatabase { settings in
        let deployment = try await Deployment(settings)
        defer { deployment.end() }
        var server = try await deployment.serve()
        let load = Load([server.daybook], givesUp: false)
        load.start(8, "g", &random)
        let feed = TailingReader.following(server.daybook)
        var acknowledgedWhileStopping = 0
        // A busy machine may have nothing under way at the moment of the signal: then once more.
        for round in 0..<FaultPlan.rounds(2) + 6
        where round < FaultPlan.rounds(2) || acknowledgedWhileStopping == 0 {
          try await Task.sleep(for: random.pause(500...1_500))
          let before = load.journal.count
          server.process.send(SIGTERM)
          // It gives itself 14 s; the rest is a busy machine's.
          #expect(try await server.process.exit(within: .seconds(40)) == 0, "\(server.process.output)")
          acknowledgedWhileStopping += load.journal.count - before
          server = try await deployment.serve(port: server.port)
        }
        #expect(acknowledgedWhileStopping > 0)
        await load.finish()
        // Whatever was written was said to be written: nobody had to ask twice.
        let unanswered = load.journal.all.values.filter(\.isDuplicate)
        #expect(unanswered.isEmpty, "\(unanswered.count) of \(load.journal.count); \(load.failures)")
        // Keys that were not looked at for a second fail closed, which a busy machine may bring about.
        let expected: Set = ["connection", "stopping", "authorisation-stale"]
        #expect(Set(load.failures.keys).isSubset(of: expected), "\(load.failures)")
        let audit = try await LogAudit(server.daybook)
        audit.checkRules()
        audit.check(load.journal)
        await feed.expect(audit.head)
        try await deployment.verify()
      }
    }
  }
}
