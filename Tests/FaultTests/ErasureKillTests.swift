import DaybookClient
import Domain
@preconcurrency import Glibc
import Postgres
import TestKit
import Testing

extension Faults {
  /// SIGKILL around the grant of a large erasure.
  @Suite struct ErasureKillTests {
    private static let calls = 12_000

    /// How many personal parts name somebody, and whether the name is known.
    private static func left(_ settings: ConnectionSettings, of user: String) async throws -> (
      parts: Int64, names: Int64
    ) {
      try await FaultPlan.blocking {
        let connection = try Connection(settings)
        defer { connection.close() }
        let rows = try connection.execute(
          """
          SELECT
            (SELECT count(*) FROM daybook.events WHERE personal ->> '/user' = $1),
            (SELECT count(*) FROM daybook.persons WHERE value = $1)
          """, [.text(user)])
        return (rows.int64(0, 0), rows.int64(0, 1))
      }
    }

    /// Whether no session of a service is left in the database.
    private static func isQuiet(_ settings: ConnectionSettings) async throws -> Bool {
      try await FaultPlan.blocking {
        let connection = try Connection(settings)
        defer { connection.close() }
        let rows = try connection.execute(
          """
          SELECT count(*) FROM pg_stat_activity
          WHERE datname = current_database() AND application_name LIKE 'daybook %' AND pid <> pg_backend_pid()
          """)
        return rows.int64(0, 0) == 0
      }
    }

    private static func isErased(_ settings: ConnectionSettings, _ count: Int64) async throws -> Bool {
      try await FaultPlan.blocking {
        let connection = try Connection(settings)
        defer { connection.close() }
        let rows = try connection.execute(
          "SELECT count(DISTINCT data ->> 'erasure') FROM daybook.events WHERE type = 'payload.erased'")
        return rows.int64(0, 0) == count
      }
    }

    private static func call(_ number: Int, _ user: String) -> Event {
      Event(
        CompletionRecorded(
          operation: "chat", model: "m", provider: "p", usage: Usage(inputTokens: 1), latencyMilliseconds: 1,
          user: user),
        subject: "call/\(user)-\(number)")
    }

    @Test("whenever the service is killed, an erasure is either not in the log or carried out after the next start")
    func kills() async throws {
      var random = FaultPlan.random()
      try await withDatabase { settings in
        let deployment = try await Deployment(settings)
        defer { deployment.end() }
        var server = try await deployment.serve()
        _ = try await server.daybook.send(
          "POST", "/v1/owners", json: .object(["owner": .text("second"), "name": .text("Second")]))
        let issued = try await server.daybook.issueKey(
          KeyRequest(owner: "second", kind: .human, roles: [.approver], ledgers: ["*"]))
        let second = try #require(issued.json["secret"]?.string)
        for round in 0..<FaultPlan.rounds(2) {
          let user = "mallory-\(round)"
          for start in stride(from: 0, to: Self.calls, by: 2_000) {
            _ = try await server.daybook.append((start..<start + 2_000).map { Self.call($0, user) })
          }
          let asked = try await server.daybook.erase(.user(user), reason: "asked", legalBasis: "law")
          let approval = try #require(asked.requestedApproval)
          let granting = server
          let grant = Task {
            _ = try? await Daybook(
              url: "http://127.0.0.1:\(granting.port)", key: second,
              configuration: DaybookConfiguration(source: "/faults", timeout: .seconds(20), retry: .never)
            ).grantApproval(approval, reason: "seen")
          }
          // The first round ends right after the answer, while most of it waits; then as it happens.
          if round == 0 { await grant.value } else { try await Task.sleep(for: random.pause(0...1_500)) }
          server.process.send(SIGKILL)
          _ = try await server.process.exit(within: .seconds(5))
          await grant.value
          // What was sent before the end is still done by its session: only then the outcome is known.
          let isQuiet = try await FaultPlan.eventually(within: .seconds(60)) { try await Self.isQuiet(settings) }
          #expect(isQuiet)
          let isGranted = try await Self.isErased(settings, Int64(round + 1))
          let (parts, names) = try await Self.left(settings, of: user)
          #expect(names == (isGranted ? 0 : 1))
          #expect(isGranted || parts == Int64(Self.calls))
          server = try await deployment.serve(port: server.port)
          if !isGranted {
            let again = try Daybook(
              url: "http://127.0.0.1:\(server.port)", key: second,
              configuration: DaybookConfiguration(source: "/faults", timeout: .seconds(60), retry: .never))
            try await again.grantApproval(approval, reason: "seen")
          }
          let isDone = try await FaultPlan.eventually(within: .seconds(60)) {
            try await Self.left(settings, of: user) == (0, 0)
          }
          #expect(isDone)
        }
        try await deployment.verify()
      }
    }
  }
}
