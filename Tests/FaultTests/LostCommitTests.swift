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
        let proxy = try PostgresProxy(
          folder: "\(deployment.folder)/p", socketFolder: try Self.socketFolder(of: settings))
        defer { proxy.stop() }
        let through = try await deployment.serve(database: try Self.url(settings, through: proxy)).daybook
        let beside = try await deployment.serve().daybook
        let journal = Journal()
        for round in 0..<FaultPlan.rounds(2) {
          for cut in PostgresProxy.Cut.allCases {
            let id = "cut-\(round)-\(cut)"
            var source = EventSource("\(id)-w", seed: random.next())
            let batch = source.batch(0...4) + [Self.note(id)] + source.batch(0...4)
            // Another process writes meanwhile, so that the next position may be somebody else's.
            async let other = beside.append(source.batch(1...5))
            proxy.arm("{\"trap\":\"\(id)\"}", cut)
            let answer = try await through.append(batch)
            #expect(proxy.cuts == 1, "\(cut)")
            #expect(answer.receipts.allSatisfy { !$0.isDuplicate }, "\(cut)")
            journal.note(answer)
            journal.note(try await other)
            let again = try await through.append(batch)
            #expect(again.receipts.allSatisfy { $0.isDuplicate }, "\(cut)")
            journal.note(again)
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
        let proxy = try PostgresProxy(
          folder: "\(deployment.folder)/p", socketFolder: try Self.socketFolder(of: settings))
        defer { proxy.stop() }
        let through = try await deployment.serve(database: try Self.url(settings, through: proxy)).daybook
        let journal = Journal()
        proxy.arm("{\"trap\":\"again\"}", .before, times: 1_000)
        do {
          try await through.append(Self.note("again"))
          Issue.record("was acknowledged")
        } catch let error as DaybookError {
          #expect(error.code == .unavailable && error.retryAfter != nil, "\(error.debugDescription)")
        }
        #expect((2...10).contains(proxy.cuts))
        proxy.arm("never", .before)
        journal.note(try await through.append([Self.note("again")]))
        let audit = try await LogAudit(through)
        audit.checkRules()
        audit.check(journal)
        try await deployment.verify()
      }
    }

    private static func note(_ id: String) -> Event {
      Event(CustomEvent("x.note", data: .object(["trap": .text(id)])), subject: "note/\(id)", id: id)
    }

    /// The folder with the server's socket, out of the address that `PrivateCluster` makes.
    private static func socketFolder(of settings: ConnectionSettings) throws -> String {
      let host = try #require(settings.url.split(separator: "host=").last?.split(separator: "&").first)
      return try #require(String(host).removingPercentEncoding)
    }

    private static func url(_ settings: ConnectionSettings, through proxy: PostgresProxy) throws -> String {
      let host = try #require(settings.url.split(separator: "host=").last?.split(separator: "&").first)
      return settings.url.replacing(host, with: proxy.folder)
    }
  }
}
