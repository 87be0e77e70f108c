import Domain
@preconcurrency import Glibc
import Postgres
import Service
import TestKit
import Testing

extension Faults {
  /// A commit is lost, and nobody can say what became of it as somebody else has the lock.
  @Suite struct UnknownOutcomeTests {
    private static let lock = "SELECT 1 FROM daybook.ledgers WHERE ledger_id = 'main' FOR NO KEY UPDATE"

    /// The writer kept the connection on which it had waited for the lock in vain, in a transaction that had failed, and
    /// answered the next batch, which had nothing to do with it, with an internal fault.
    @Test("an outcome that cannot be established is told as such, and the next append is as if nothing had been")
    func unknown() async throws {
      try await withDatabase { settings in
        let deployment = try await Deployment(settings)
        defer { deployment.end() }
        let proxy = try PostgresProxy(
          folder: "\(deployment.folder)/p", socketFolder: try LostCommitTests.socketFolder(of: settings))
        defer { proxy.stop() }
        var through = settings
        through.url = try LostCommitTests.url(settings, through: proxy)
        var limits = WriterLimits()
        limits.resolutionTime = .zero
        let writer = LedgerWriter(ledger: "main", settings: through, limits: limits, zones: { _ in .utc })
        try await Self.append("first", writer)

        // Now and then the writer asks again before the third session has noticed that the lock is free: then it knows what
        // became of the commit, and says truly that nothing was written. That is another case, and this one is tried again.
        var codes: [WriteError.Code] = []
        while codes.last != .outcomeUnknown, codes.count < 5 {
          let id = "lost-\(codes.count)"
          proxy.arm("{\"trap\":\"\(id)\"}", .before)
          codes.append(try await Self.lose(id, writer, settings))
          #expect([.outcomeUnknown, .unavailable].contains(codes.last) && proxy.cuts == codes.count)
        }
        #expect(codes.last == .outcomeUnknown)
        try await Self.append("after", writer)
        try await Self.append("lost-\(codes.count - 1)", writer)
        await writer.close()
        try await deployment.verify()
      }
    }

    /// Appends while one session has the lock, the writer waits for it, and a third one waits behind the writer and keeps it.
    private static func lose(
      _ id: String, _ writer: LedgerWriter, _ settings: ConnectionSettings
    ) async throws -> WriteError.Code {
      let blocker = try Connection(settings)
      try blocker.script("BEGIN; \(lock)")
      let lost = Task { try await append(id, writer) }
      #expect(try await areWaiting(1, settings))
      let release = StopSign()
      let next = Task { try await FaultPlan.blocking { try holdLock(settings, until: release) } }
      #expect(try await areWaiting(2, settings))
      try blocker.script("COMMIT")
      blocker.close()
      let error = await #expect(throws: WriteError.self) { try await lost.value }
      release.raise()
      try await next.value
      return try #require(error).code
    }

    private static func append(_ id: String, _ writer: LedgerWriter) async throws {
      let draft = try EventDraft(
        planned: "x.note", subject: "note/\(id)", id: id, source: "/faults", data: .object(["trap": .text(id)]))
      let service = Principal(key: "service000001", kind: .service, owner: "alice", roles: [.service])
      _ = try await writer.append([draft], by: service, bytes: 100)
    }

    /// Takes the lock after whoever waits for it now.
    private static func holdLock(_ settings: ConnectionSettings, until release: StopSign) throws {
      let connection = try Connection(settings)
      defer { connection.close() }
      try connection.script("BEGIN; \(lock)")
      while !release.isUp { usleep(10_000) }
    }

    private static func areWaiting(_ count: Int64, _ settings: ConnectionSettings) async throws -> Bool {
      let connection = try Connection(settings)
      defer { connection.close() }
      return try await FaultPlan.eventually(within: .seconds(30)) {
        let rows = try connection.execute(
          """
          SELECT count(*) FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%daybook.ledgers%'
          """)
        return rows.int64(0, 0) >= count
      }
    }
  }
}
