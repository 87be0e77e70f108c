import DaybookClient
import Domain
@preconcurrency import Glibc
import Postgres
import Testing
import TestKit

extension Faults {
  /// Two projectors at once.
  @Suite struct ProjectorTests {
    @Test("two projectors post every event once, and whichever is killed, the other takes its books over")
    func takeOver() async throws {
      var random = FaultPlan.random()
      try await withDatabase { settings in
        let deployment = try await Deployment(settings)
        defer { deployment.end() }
        let server = try await deployment.serve()
        var projectors = [try deployment.project(), try deployment.project()]
        let load = Load([server.daybook])
        load.start(4, "p", &random)
        // Each of the two at least once: one of them holds each book.
        for round in 0..<FaultPlan.rounds(2) {
          try await Task.sleep(for: random.pause(800...1_600))
          projectors[round % 2].send(SIGKILL)
          let killed = ContinuousClock.now
          let event = EventSource("after-\(round)", seed: random.next()).first
          let receipt = try await FaultPlan.patiently { try await server.daybook.append(event) }
          let isPosted = await Self.isPosted(receipt.position, server.daybook)
          #expect(isPosted, "not taken over in \(ContinuousClock.now - killed): \(projectors[1 - round % 2].output)")
          projectors[round % 2] = try deployment.project()
        }
        await load.finish()
        let audit = try await LogAudit(server.daybook)
        audit.checkRules()
        audit.check(load.journal)
        try await audit.checkSpend(server.daybook)
        for projector in projectors { #expect(projector.isRunning, "\(projector.output)") }
      }
    }

    @Test("a stopped projector loses its books to the other, and posts nothing twice when it wakes up")
    func stopped() async throws {
      var random = FaultPlan.random()
      try await withDatabase { settings in
        let deployment = try await Deployment(settings)
        defer { deployment.end() }
        let server = try await deployment.serve()
        var source = EventSource("s", seed: random.next())
        // The first one has all books before the second one comes.
        let holder = try deployment.project()
        let first = try await Self.append(source.batch(50...100), server.daybook)
        #expect(await Self.isPosted(first.head.position, server.daybook))
        let other = try deployment.project()
        try await Task.sleep(for: random.pause(500...1_000))
        holder.send(SIGSTOP)
        let second = try await Self.append(source.batch(50...100), server.daybook)
        #expect(await Self.isPosted(second.head.position, server.daybook), "\(other.output)")
        holder.send(SIGCONT)
        let third = try await Self.append(source.batch(50...100), server.daybook)
        #expect(await Self.isPosted(third.head.position, server.daybook))
        try await LogAudit(server.daybook).checkSpend(server.daybook)
        #expect(holder.isRunning && other.isRunning, "\(holder.output)")
      }
    }

    private static func append(_ events: [Event], _ daybook: Daybook) async throws -> AppendResult {
      try await FaultPlan.patiently { try await daybook.append(events) }
    }

    private static func isPosted(_ position: Int64, _ daybook: Daybook) async -> Bool {
      await FaultPlan.eventually(within: .seconds(90)) {
        for book in [
          "daily_spend", "model_pnl", "approval_queue", "kill_switch_history", "budget_status", "route_health",
          "strategy_pnl", "operation_pnl", "trial_balance", "reconciliation", "exchange_rates",
        ] {
          guard (try? await daybook.books(book, minPosition: position)) != nil else { return false }
        }
        return true
      }
    }
  }
}
