import Domain
import Postgres
import Testing

/// Late and corrected prices, applied to past calls: proposed, granted, and written by the service.
@Suite struct RerateTests {
  private static let calls = 2_345

  /// Calls of a model without a price, and of one whose price is wrong.
  private static func append(_ interface: Interface) async throws {
    for start in stride(from: 0, to: calls, by: 500) {
      let events = (start..<min(start + 500, calls)).map { number in
        Sample.completion(
          "c\(number)", model: number % 5 == 0 ? "unlisted" : "deepseek", input: Int64(number + 1) * 1_000, output: 0)
      }
      let answer = try await interface.append(events)
      guard answer.status == 200 else { throw Failure(description: answer.text) }
    }
  }

  private static let prices = [Sample.price("deepseek", "input_tokens", "1")]
  private static let corrected = [
    Sample.price("deepseek", "input_tokens", "0.5"), Sample.price("unlisted", "input_tokens", "2"),
  ]
  private static let reason = JSON.object(["reason": .text("a price came late")])

  private static func end(_ desk: FinanceDesk) async throws -> JSON {
    let isDone = try await eventually { try await desk.records("rerate.completed").count == 1 }
    #expect(isDone)
    return try await desk.records("rerate.completed")[0]["event"]?["data"] ?? .null
  }

  @Test func everyCallIsAdjustedOnceAndTheBooksAgree() async throws {
    try await withInterface(Setup(prices: Self.prices)) { interface in
      let desk = try await FinanceDesk(interface)
      try await Self.append(interface)
      try await interface.list(Self.corrected)
      let (approval, asked) = try await desk.ask("rerates", Self.reason)
      #expect(asked.status == 202, "\(asked.text)")
      let proposal = try #require(asked.json["proposal"])
      #expect(proposal["calls"] == .integer(Int64(Self.calls)) && proposal["priced"] == .integer(469))
      // By hand: the thousands of tokens are 1 … 2345, 2,750,685 in all. Every fifth from 1 on is unlisted: 469 of them,
      // 469 × (1 + 2341) / 2 = 549,199. So 2,201,486 cost a dollar a thousand thousands before, and half of it now, while
      // 549,199 cost two: 1100.743 + 1098.398.
      #expect(
        proposal["totals"]
          == .array([
            .object([
              "currency": .text("USD"), "calls": .integer(2_345), "before": .text("2201.486"),
              "after": .text("2199.141"),
            ])
          ]))
      let id = try #require(approval)
      // Two calls move on before the grant: one is reversed, one restated.
      let first = try await desk.records("completion.recorded").prefix(2).compactMap {
        $0["event"]?["position"]?.string.flatMap { Int64($0) }
      }
      _ = try await interface.command("reversals", .object(["position": .integer(first[0]), "reason": .text("r")]))
      _ = try await interface.command(
        "restatements",
        .object(["position": .integer(first[1]), "cost": Sample.money("7"), "reason": .text("r")]))
      #expect(try await interface.grant(id, key: desk.second, in: "main").status == 200)
      let ended = try await Self.end(desk)
      #expect(ended["adjusted"] == .integer(Int64(Self.calls - 2)) && ended["skipped"] == .integer(2))
      try await Self.check(desk, except: Set(first))
      #expect(try await desk.ask("rerates", Self.reason).answer.problem == "nothing-to-rerate")
    }
  }

  @Test func twoServicesAdjustEachCallOnce() async throws {
    try await withInterface(Setup(prices: Self.prices)) { interface in
      let desk = try await FinanceDesk(interface)
      try await Self.append(interface)
      try await interface.list(Self.corrected)
      try await desk.settle("rerates", Self.reason)
      // A second service joins while the first is at it.
      try await withService(interface.settings) { _ in _ = try await Self.end(desk) }
      try await Self.check(desk, except: [])
    }
  }

  /// One that cannot go on, as the log does not give the list that was approved any more, is one that is under way.
  @Test func whatIsUnderWayStandsInTheStatus() async throws {
    try await withInterface(Setup(prices: Self.prices)) { interface in
      let desk = try await FinanceDesk(interface)
      try await interface.append(["a", "b"].map { Sample.completion($0, input: 1_000, output: 0) })
      try await interface.list(Self.corrected)
      let id = try #require(try await desk.ask("rerates", Self.reason).approval)
      #expect(try await interface.send("GET", "/v1/ledgers/main/status").json["rerates"] == .array([]))
      let settings = interface.settings
      try await offTheCooperativePool {
        let connection = try Connection(settings)
        defer { connection.close() }
        try connection.script(
          """
          ALTER TABLE daybook.events DISABLE TRIGGER events_refuse_update;
          UPDATE daybook.events SET data = jsonb_set(data, '{usage,input_tokens}', '1') WHERE id = 'a'
          """)
      }
      #expect(try await interface.grant(id, key: desk.second, in: "main").status == 200)
      let listed = try await interface.send("GET", "/v1/ledgers/main/rerates").json["rerates"]
      #expect(listed?.elements?.count == 1)
      #expect(try await interface.send("GET", "/v1/ledgers/main/status").json["rerates"] == listed)
      let shown = try await Program.run(
        ["status"],
        environment: ["DAYBOOK_URL": "http://127.0.0.1:\(interface.port)", "DAYBOOK_KEY": interface.admin])
      let rerate = try #require(listed?.elements?.first?["rerate"]?.string)
      #expect(shown.output.contains("\nre-rating \(rerate): 0 of 2 calls adjusted\n"), "\(shown.output)")
    }
  }

  /// Every call has one adjustment, from what it cost to what it costs by the prices listed last.
  private static func check(_ desk: FinanceDesk, except left: Set<Int64>) async throws {
    var adjusted: [Int64: (before: String?, after: String?)] = [:]
    var after = 0
    while true {
      let page = try await desk.interface.send(
        "GET", "/v1/ledgers/main/events?limit=1000&type=entry.adjusted&after=\(after)"
      ).json
      for record in page["records"]?.elements ?? [] {
        let entry = try #require(record["event"]?["data"]?["adjusts"]?.integer)
        #expect(adjusted[entry] == nil, "\(entry) is adjusted twice")
        let derived = record["derived"]
        adjusted[entry] = (derived?["before"]?["amount"]?.string, derived?["after"]?["amount"]?.string)
        let tokens = derived?["entry"]?["data"]?["usage"]?["input_tokens"]?.integer ?? 0
        let isListed = derived?["entry"]?["data"]?["model"] == .text("deepseek")
        // Half a dollar, or two, for a million tokens, of thousands of tokens: in tenths of a thousandth.
        let expected = isListed ? tokens / 1_000 * 5 : tokens / 1_000 * 20
        #expect(adjusted[entry]?.after == Self.tenThousandths(expected))
        #expect(adjusted[entry]?.before == (isListed ? Self.tenThousandths(tokens / 1_000 * 10) : nil))
      }
      guard let next = page["next"]?.integer else { break }
      after = Int(next)
    }
    #expect(adjusted.count == calls - left.count && left.isDisjoint(with: adjusted.keys))
  }

  private static func tenThousandths(_ count: Int64) -> String {
    let digits = String(count % 10_000 + 10_000).dropFirst()
    let fraction = String(digits.reversed().drop { $0 == "0" }.reversed())
    return fraction.isEmpty ? "\(count / 10_000)" : "\(count / 10_000).\(fraction)"
  }
}
