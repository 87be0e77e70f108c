import DaybookClient
import Domain
import Postgres
import Testing
import TestKit

extension Faults {
  /// The same thing said many times at once.
  @Suite struct IdentityTests {
    private static let askers = 30

    @Test("one identity thirty times at once through two processes is one event and thirty equal answers")
    func events() async throws {
      var random = FaultPlan.random()
      try await withDatabase { settings in
        let deployment = try await Deployment(settings)
        defer { deployment.end() }
        let servers = [try await deployment.serve(), try await deployment.serve()].map(\.daybook)
        for round in 0..<FaultPlan.rounds(8) {
          var source = EventSource("i\(round)", seed: random.next())
          // With something else around it in every second round, so that batches differ.
          let event = source.next()
          let receipts = try await Self.atOnce { asker in
            let others = round % 2 == 0 ? [] : [Self.note("o\(round)-\(asker)")]
            let answer = try await FaultPlan.patiently { try await servers[asker % 2].append(others + [event]) }
            #expect(answer.head.position >= answer.receipts.last!.position)
            return answer.receipts.last!
          }
          let first = receipts.filter { !$0.isDuplicate }
          #expect(first.count == 1, "\(first.count) were told that it was new")
          for var receipt in receipts {
            receipt.isDuplicate = false
            #expect(receipt == first[0])
          }
        }
        let audit = try await LogAudit(servers[0])
        audit.checkRules()
        try await deployment.verify()
      }
    }

    @Test("one command thirty times at once through two processes has one effect and thirty equal answers")
    func commands() async throws {
      try await withDatabase { settings in
        let deployment = try await Deployment(settings)
        defer { deployment.end() }
        let servers = [try await deployment.serve(), try await deployment.serve()].map(\.daybook)
        for round in 0..<FaultPlan.rounds(4) {
          let scope = "model/m\(round)"
          let answers = try await Self.atOnce { asker in
            try await FaultPlan.patiently {
              try await servers[asker % 2].activateKillSwitch(scope, reason: "r", idempotencyKey: "k-\(round)")
            }.receipts
          }
          #expect(answers.count { $0.allSatisfy { !$0.isDuplicate } } == 1)
          #expect(Set(answers.map { $0.map(\.position) }).count == 1)
        }
        try await LogAudit(servers[0]).checkRules()
        try await deployment.verify()
      }
    }

    private static func note(_ id: String) -> Event {
      Event(CustomEvent("x.note", data: .object(["id": .text(id)])), subject: "note/shared", id: id)
    }

    private static func atOnce<Value: Sendable>(
      _ ask: @escaping @Sendable (Int) async throws -> Value
    ) async throws -> [Value] {
      try await withThrowingTaskGroup(of: Value.self) { group in
        for asker in 0..<askers { group.addTask { try await ask(asker) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
    }
  }
}
