@preconcurrency import Glibc
import DaybookClient
import Domain
import Postgres
import Testing
import TestKit

extension Faults {
  /// A re-rating whose service is killed again and again.
  @Suite struct RerateTests {
    private static let calls = 6_000

    @Test("a re-rating goes on where it was killed, and adjusts every call once")
    func killed() async throws {
      var random = FaultPlan.random()
      let cluster = TestCluster.own()
      defer { cluster.remove() }
      try await cluster.withDatabase { settings in
        let deployment = try await Deployment(settings)
        defer { deployment.end() }
        var server = try await deployment.serve()
        try await Self.append(server.daybook)
        let second = try await Self.secondOwner(server.daybook)
        let approval = try await Self.propose(server.daybook)
        try await deployment.client(port: server.port, key: second).grantApproval(approval, reason: "seen")
        // The job may need a few milliseconds, or a second, to begin.
        var kills = 0
        while kills < FaultPlan.rounds(4), try await !Self.isComplete(server.daybook) {
          try await Task.sleep(for: random.pause(50...500))
          server.process.send(SIGKILL)
          _ = try await server.process.exit(within: .seconds(5))
          kills += 1
          server = try await deployment.serve(port: server.port)
        }
        let daybook = server.daybook
        #expect(try await FaultPlan.eventually(within: .seconds(60)) { try await Self.isComplete(daybook) })
        print("faults: the re-rating was killed \(kills) times")
        try await Self.check(daybook)
        try await deployment.verify()
        let (status, output) = try await Program.run(
          ["audit", "decisions"], folder: deployment.folder, environment: ["DAYBOOK_DATABASE_URL": settings.url])
        #expect(status == 0, "\(output)")
      }
    }

    private static func append(_ daybook: Daybook) async throws {
      for start in stride(from: 0, to: calls, by: 1_000) {
        let events = (start..<start + 1_000).map { number in
          Event(
            CompletionRecorded(
              operation: "op", model: number % 3 == 0 ? "late" : "priced", provider: "p",
              usage: Usage(inputTokens: Int64(number + 1) * 1_000), latencyMilliseconds: 1),
            subject: "call/\(number)")
        }
        _ = try await daybook.append(events)
      }
    }

    /// Lists a price that came late and one that was wrong: 0.15 dollars for a million tokens until now.
    private static func propose(_ daybook: Daybook) async throws -> String {
      let prices = ["late", "priced"].map { model in
        ListedPrice(
          model: model, usageClass: "input_tokens", price: Money(Amount("0.2")!, Currency("USD")!), per: 1_000_000,
          validFrom: Timestamp(microseconds: 0))
      }
      try await daybook.listPrices(prices)
      let asked = try await daybook.rerate(reason: "wrong until now")
      #expect(asked.json["proposal"]?["calls"] == .integer(Int64(calls)))
      return try #require(asked.requestedApproval)
    }

    private static func secondOwner(_ daybook: Daybook) async throws -> String {
      try await daybook.addOwner("second", name: "Second")
      let issued = try await daybook.issueKey(
        KeyRequest(owner: "second", kind: .human, roles: [.approver], ledgers: ["*"]))
      return try #require(issued.json["secret"]?.string)
    }

    private static func isComplete(_ daybook: Daybook) async throws -> Bool {
      try await !daybook.events(types: ["rerate.completed"]).records.isEmpty
    }

    /// Each call once, from 0.15 or nothing to 0.2 dollars for a million tokens.
    private static func check(_ daybook: Daybook) async throws {
      var seen: Set<Int64> = []
      for try await record in daybook.allEvents(types: ["entry.adjusted"]) {
        let entry = try #require(record.data["adjusts"]?.integer)
        #expect(seen.insert(entry).inserted, "\(entry) is adjusted twice")
        let derived = record.derived
        let data = derived?["entry"]?["data"]
        let thousands = (data?["usage"]?["input_tokens"]?.integer ?? 0) / 1_000
        let wasPriced = data?["model"]?.string == "priced"
        #expect(derived?["after"]?["amount"]?.string.flatMap { Amount($0) } == amount(thousands * 200))
        #expect(
          derived?["before"]?["amount"]?.string.flatMap { Amount($0) } == (wasPriced ? amount(thousands * 150) : nil))
      }
      #expect(seen.count == calls)
      let ended = try await daybook.events(types: ["rerate.completed"]).records
      #expect(ended.count == 1 && ended.first?.data["adjusted"]?.integer == Int64(calls))
      #expect(ended.first?.data["skipped"]?.integer == 0)
    }

    /// Millionths of a dollar.
    private static func amount(_ millionths: Int64) -> Amount? {
      let text = String(millionths % 1_000_000 + 1_000_000).dropFirst()
      let fraction = String(text.reversed().drop { $0 == "0" }.reversed())
      return Amount(fraction.isEmpty ? "\(millionths / 1_000_000)" : "\(millionths / 1_000_000).\(fraction)")
    }
  }
}
