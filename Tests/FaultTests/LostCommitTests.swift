import DaybookClient
import Domain
import Foundation
import Postgres
import Testing
import TestKit

extension Faults {
  /// The connection to Postgres is cut around the COMMIT, by a proxy.
  @Suite struct LostCommitTests {
    @Test("a connection that is cut around its COMMIT makes one event, and its answer says that it is new")
    func cuts() async throws {
      var random = FaultPlan.random()
      try await withDatabase { settings in
        let deployment = try await Deployment(settings)
        defer { deployment.end() }
        let proxy = try PostgresProxy(
          folder: "\(deployment.folder)/p", socketFolder: try Self.socketFolder(of: settings))
        defer { proxy.stop() }
        let through = try await deployment.serve(database: try Self.url(settings, through: proxy)).daybook
        let beside = try await deployment.serve().daybook
        let journal = Journal()
        for round in 0..<FaultPlan.rounds(2) {
          for cut in [PostgresProxy.Cut.before, .within, .after, .late] {
            let id = "cut-\(round)-\(cut)"
            var source = EventSource("\(id)-w", seed: random.next())
            let batch = source.batch(0...4) + [Self.note(id)] + source.batch(0...4)
            // Another process writes meanwhile, so that the next position may be somebody else's.
            let others = source.batch(1...5)
            async let other = FaultPlan.patiently { try await beside.append(others) }
            proxy.arm("{\"trap\":\"\(id)\"}", cut)
            let answer = try await FaultPlan.patiently { try await through.append(batch) }
            #expect(await Self.hasCutOnce(proxy), "\(cut)")
            #expect(answer.receipts.allSatisfy { !$0.isDuplicate }, "\(cut)")
            journal.note(answer)
            journal.note(try await other)
            let again = try await FaultPlan.patiently { try await through.append(batch) }
            #expect(again.receipts.allSatisfy { $0.isDuplicate }, "\(cut)")
            journal.note(again)
            try await Self.cutCommand(proxy, cut, through, id)
          }
        }
        let audit = try await LogAudit(beside)
        audit.checkRules()
        audit.check(journal)
        try await deployment.verify()
      }
    }

    @Test("a COMMIT that is lost again and again is given up with 503, and one repetition later all is there once")
    func repeatedly() async throws {
      try await withDatabase { settings in
        let deployment = try await Deployment(settings)
        defer { deployment.end() }
        let proxy = try PostgresProxy(
          folder: "\(deployment.folder)/p", socketFolder: try Self.socketFolder(of: settings))
        defer { proxy.stop() }
        let through = try await deployment.serve(database: try Self.url(settings, through: proxy)).daybook
        let journal = Journal()
        proxy.arm("{\"trap\":\"again\"}", .before, times: 1_000)
        do {
          _ = try await FaultPlan.patiently { try await through.append(Self.note("again")) }
          Issue.record("was acknowledged")
        } catch let error as DaybookError {
          #expect(error.code == .unavailable && error.retryAfter != nil, "\(error.debugDescription)")
        }
        #expect((2...10).contains(proxy.cuts))
        proxy.arm("never", .before)
        journal.note(try await FaultPlan.patiently { try await through.append([Self.note("again")]) })
        let audit = try await LogAudit(through)
        audit.checkRules()
        audit.check(journal)
        try await deployment.verify()
      }
    }

    @Test(
      "a writer that stops while it sends a batch holds the lock for seconds only",
      arguments: (FaultPlan.isThorough ? [PostgresProxy.Cut.stalledWithin] : []) + [.stalledAtCommit])
    func stalled(cut: PostgresProxy.Cut) async throws {
      try await withDatabase { settings in
        let deployment = try await Deployment(settings)
        defer { deployment.end() }
        let proxy = try PostgresProxy(
          folder: "\(deployment.folder)/p", socketFolder: try Self.socketFolder(of: settings))
        defer { proxy.stop() }
        let through = try await deployment.serve(database: try Self.url(settings, through: proxy)).daybook
        let beside = try await deployment.serve().daybook
        let journal = Journal()
        // With a person, whose token is a statement of its own, and prepared before: as it is in a long run.
        for text in ["first", "trapped"] {
          let event = Event(
            CustomEvent("x.note", data: .object(["trap": .text(text), "personal": .object(["user": .text(text)])])),
            subject: "note/\(text)", id: text)
          if text == "trapped" { proxy.arm("{\"trap\":\"trapped\"}", cut) }
          async let answer = FaultPlan.patiently { try await through.append([event]) }
          if text == "trapped" {
            #expect(await Self.hasCutOnce(proxy))
            let start = ContinuousClock.now
            journal.note(try await FaultPlan.patiently { try await beside.append([Self.note("beside")]) })
            // Postgres ends a transaction that idles for five seconds; the rest is slack of a busy machine.
            #expect(ContinuousClock.now - start < .seconds(30), "\(ContinuousClock.now - start)")
          }
          let receipts = try await answer
          #expect(receipts.receipts.allSatisfy { !$0.isDuplicate })
          journal.note(receipts)
        }
        let audit = try await LogAudit(beside)
        audit.checkRules()
        audit.check(journal)
        try await deployment.verify()
      }
    }

    @Test(
      "an answer that never comes is given up after half a minute, and the event is there once",
      .enabled(if: FaultPlan.isThorough))
    func silence() async throws {
      try await withDatabase { settings in
        let deployment = try await Deployment(settings)
        defer { deployment.end() }
        let proxy = try PostgresProxy(
          folder: "\(deployment.folder)/p", socketFolder: try Self.socketFolder(of: settings))
        defer { proxy.stop() }
        let server = try await deployment.serve(database: try Self.url(settings, through: proxy))
        let patient = try deployment.client(port: server.port, timeout: .seconds(120))
        let journal = Journal()
        proxy.arm("{\"trap\":\"silent\"}", .silent)
        let answer = try await FaultPlan.patiently { try await patient.append([Self.note("silent")]) }
        #expect(answer.receipts.map(\.isDuplicate) == [false])
        journal.note(answer)
        let audit = try await LogAudit(patient)
        audit.checkRules()
        audit.check(journal)
        try await deployment.verify()
      }
    }

    /// The same for a command, whose effect the memory must have afterwards.
    private static func cutCommand(
      _ proxy: PostgresProxy, _ cut: PostgresProxy.Cut, _ daybook: Daybook, _ id: String
    ) async throws {
      proxy.arm("because of \(id)", cut)
      let result = try await FaultPlan.patiently {
        try await daybook.activateKillSwitch("model/\(id)", reason: "because of \(id)")
      }
      #expect(await hasCutOnce(proxy), "\(cut)")
      #expect(result.receipts.map(\.isDuplicate) == [false], "\(cut)")
      let event = try await FaultPlan.patiently { try await daybook.event(at: result.receipts[0].position) }
      #expect(event.type == "killswitch.activated")
      let error = await #expect(throws: DaybookError.self) {
        try await FaultPlan.patiently { try await daybook.activateKillSwitch("model/\(id)", reason: "again") }
      }
      #expect(error?.problem == "kill-switch-already-active", "\(cut)")
    }

    /// The answer may be here before the proxy has come to count what it did.
    private static func hasCutOnce(_ proxy: PostgresProxy) async -> Bool {
      await FaultPlan.eventually(within: .seconds(60)) { proxy.cuts > 0 } && proxy.cuts == 1
    }

    private static func note(_ id: String) -> Event {
      Event(CustomEvent("x.note", data: .object(["trap": .text(id)])), subject: "note/\(id)", id: id)
    }

    /// The folder with the server's socket, out of the address that `PrivateCluster` makes.
    static func socketFolder(of settings: ConnectionSettings) throws -> String {
      let host = try #require(settings.url.split(separator: "host=").last?.split(separator: "&").first)
      return try #require(String(host).removingPercentEncoding)
    }

    static func url(_ settings: ConnectionSettings, through proxy: PostgresProxy) throws -> String {
      let host = try #require(settings.url.split(separator: "host=").last?.split(separator: "&").first)
      return settings.url.replacing(host, with: proxy.folder)
    }
  }
}
