import DaybookClient
import Domain
@preconcurrency import Glibc
import Postgres
import Testing
import TestKit

extension Faults {
  /// A process that is frozen while it holds the ledger's lock.
  @Suite struct StoppedWriterTests {
    /// Postgres ends a transaction that idles for five seconds; the rest is slack of a busy machine.
    private static let bound: Duration = .seconds(30)

    @Test("others go on within seconds while a stopped process holds the lock, and it recovers without writing twice")
    func stopped() async throws {
      var random = FaultPlan.random()
      try await withDatabase { settings in
        let deployment = try await Deployment(settings)
        defer { deployment.end() }
        let frozen = try await deployment.serve()
        let other = try await deployment.serve()
        let load = Load([frozen.daybook], sizes: 100...300, givesUp: false)
        load.start(4, "s", &random)
        for round in 0..<FaultPlan.rounds(1) {
          try await Self.stopHoldingTheLock(frozen.process, settings, &random)
          let stoppedAt = ContinuousClock.now
          let answer = try await FaultPlan.patiently {
            try await other.daybook.append([Self.note("beside-\(round)")])
          }
          #expect(answer.receipts.allSatisfy { !$0.isDuplicate })
          #expect(ContinuousClock.now - stoppedAt < Self.bound, "\(ContinuousClock.now - stoppedAt)")
          // It wakes up with a transaction that is gone, with keys that are too old to be believed, and with events in
          // the log that it does not know.
          frozen.process.send(SIGCONT)
          let isBack = await FaultPlan.eventually(within: Self.bound) {
            (try? await frozen.daybook.append([Self.note("behind-\(round)")])) != nil
          }
          #expect(isBack)
        }
        await load.finish()
        #expect(frozen.process.isRunning && other.process.isRunning)
        #expect(load.journal.all.values.allSatisfy { !$0.isDuplicate }, "\(load.failures)")
        let audit = try await LogAudit(other.daybook)
        audit.checkRules()
        audit.check(load.journal)
        try await deployment.verify()
      }
    }

    private static func note(_ id: String) -> Event {
      Event(CustomEvent("x.note", data: .object(["n": .integer(1)])), subject: "note/1", id: id)
    }

    /// Stops the process again and again until one of its transactions is open and idle.
    private static func stopHoldingTheLock(
      _ process: Spawned, _ settings: ConnectionSettings, _ random: inout SplitMix
    ) async throws {
      let connection = try Connection(settings)
      defer { connection.close() }
      for _ in 0..<500 {
        process.send(SIGSTOP)
        let before = try openTransaction(connection)
        try await Task.sleep(for: .milliseconds(100))
        // Whoever still stands in the same transaction after so long is the one that was stopped.
        if let before, try openTransaction(connection) == before { return }
        process.send(SIGCONT)
        try await Task.sleep(for: random.pause(5...60))
      }
      throw Spawned.Failure(description: "the process was never stopped while it held the lock")
    }

    private static func openTransaction(_ connection: Connection) throws -> [Int64]? {
      let rows = try connection.execute(
        """
        SELECT pid, (extract(epoch FROM xact_start) * 1000000)::bigint FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'daybook writer main' AND state = 'idle in transaction'
        """)
      return rows.count == 1 ? [rows.int64(0, 0), rows.int64(0, 1)] : nil
    }
  }
}
