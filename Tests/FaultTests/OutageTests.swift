import DaybookClient
import Domain
@preconcurrency import Glibc
import Postgres
import Testing
import TestKit

extension Faults {
  /// Postgres is away for a while.
  @Suite struct OutageTests {
    @Test(
      "while Postgres is away appends are told to come back, a spool keeps events, and then all arrives once in order"
    )
    func outage() async throws {
      var random = FaultPlan.random()
      let hurt = TestCluster.own()
      defer { hurt.remove() }
      try await hurt.withDatabase { settings in
        let deployment = try await Deployment(settings)
        defer { deployment.end() }
        let server = try await deployment.serve()
        let options = BufferedAppenderOptions(
          durability: .disk(folder: "\(deployment.folder)/spool"), batchEvents: 50)
        let appender = try await BufferedAppender(server.daybook, options)
        var source = EventSource("o", seed: random.next())
        var added: [Event] = []
        let cluster = hurt.cluster
        for _ in 0..<FaultPlan.rounds(1) {
          added += try await Self.add(source.batch(30...60), to: appender)
          try await FaultPlan.blocking { try cluster.stop() }
          try await Self.expectAway(server.daybook, for: .seconds(3))
          for _ in 0..<10 { added += try await Self.add(source.batch(10...30), to: appender) }
          #expect(appender.statistics.pending > 0)
          try await FaultPlan.blocking { try cluster.start() }
          let back = ContinuousClock.now
          try await appender.flush()
          #expect(ContinuousClock.now - back < .seconds(90))
        }
        #expect(try await appender.close() == 0)
        #expect(server.process.isRunning)

        let audit = try await LogAudit(server.daybook)
        audit.checkRules()
        let arrived = audit.records.filter { $0.source == "/faults" }
        #expect(arrived.map(\.id) == added.map(\.id))
        try await deployment.verify()

        // A service whose database is away stops in good order too.
        try await FaultPlan.blocking { try cluster.stop(.immediate) }
        _ = try? await server.daybook.append(source.batch(1...3))
        server.process.send(SIGTERM)
        #expect(try await server.process.exit(within: .seconds(40)) == 0, "\(server.process.output)")
      }
    }

    private static func add(_ events: [Event], to appender: BufferedAppender) async throws -> [Event] {
      try await appender.add(events)
      return events
    }

    /// Live but not ready; reading and writing answer 503 with the time to come back, soon.
    private static func expectAway(_ daybook: Daybook, for duration: Duration) async throws {
      let event = Event(CustomEvent("x.note", data: .object(["n": .integer(1)])), subject: "note/1", id: "away")
      let end = ContinuousClock.now + duration
      while ContinuousClock.now < end {
        let asked = ContinuousClock.now
        for ask in [{ try await daybook.append([event]) }, { try await daybook.events() }]
          as [@Sendable () async throws -> Any]
        {
          do {
            _ = try await ask()
            Issue.record("answered without Postgres")
          } catch let error as DaybookError {
            #expect(error.status == 503 && error.retryAfter != nil, "\(error.debugDescription)")
          }
        }
        let ready = await #expect(throws: DaybookError.self) { try await daybook.send("GET", "/readyz") }
        #expect(ready?.status == 503)
        #expect(ContinuousClock.now - asked < .seconds(30))
        #expect(try await daybook.send("GET", "/healthz").status == 200)
        try await Task.sleep(for: .milliseconds(200))
      }
    }
  }
}
