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
        let server = try await deployment.serve()
        var projectors = [try deployment.project(), try deployment.project()]
        let load = Load([server.daybook])
        load.start(4, "p", &random)
        // Each of the two at least once: one of them holds each book.
        for round in 0..<FaultPlan.rounds(2) {
          try await Task.sleep(for: random.pause(800...1_600))
          projectors[round % 2].send(SIGKILL)
          let killed = ContinuousClock.now
          let receipt = try await server.daybook.append(EventSource("after-\(round)", seed: random.next()).first)
          let isPosted = await FaultPlan.eventually(within: .seconds(15)) {
            for book in ["daily_spend", "model_pnl", "approval_queue", "kill_switch_history"] {
              guard (try? await server.daybook.books(book, minPosition: receipt.position)) != nil else {
                return false
              }
            }
            return true
          }
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
  }
}
