import Crypto
import Domain
import Log
import Postgres
import Testing

/// What was known then, what changed and why, over HTTP.
@Suite struct HistoryTests {
  private static let ledger = "/v1/ledgers/main"

  @Test func theLogAsOfAPointEndsThereWhoeverReadsIt() async throws {
    try await withInterface(Setup()) { interface in
      var ends: [(position: Int64, time: String)] = []
      for size in [3, 5, 2] {
        let answer = try await interface.append((0..<size).map { Sample.completion("c\(ends.count)-\($0)") })
        ends.append(
          (answer.positions.last ?? 0, answer.json["events"]?.elements?.last?["recordedtime"]?.string ?? ""))
      }
      for (position, time) in ends {
        for point in [String(position), time] {
          let page = try await interface.send("GET", "\(Self.ledger)/events?limit=1000&as_of=\(point)")
          let positions = (page.json["records"]?.elements ?? []).compactMap { $0["event"]?["position"]?.string }
          #expect(positions == (1...position).map(String.init))
          #expect(page.json["position"] == .integer(position) && page.json["next"] == nil)
          let lines = try await interface.send(
            "GET", "\(Self.ledger)/events?as_of=\(point)", headers: [("Accept", "application/x-ndjson")])
          #expect(lines.body.count { $0 == 0x0A } == Int(position))
          #expect(lines.header("Daybook-Position") == "\(position)")
        }
        let paged = try await interface.send("GET", "\(Self.ledger)/events?limit=2&after=1&as_of=\(position)")
        #expect(paged.json["next"] == .integer(3))
      }
      let beyond = try await interface.send("GET", "\(Self.ledger)/events?as_of=\(ends[2].position + 1)")
      #expect(beyond.status == 400 && beyond.json["type"] == .text("/problems/beyond-head"))
      #expect(try await interface.send("GET", "\(Self.ledger)/events?as_of=yesterday").status == 400)
    }
  }

  @Test func theControlStateOfThePastHasTheDigestOfAFoldFromTheBeginning() async throws {
    try await withInterface(Setup(prices: SpendHistory.prices)) { interface in
      let on = try await interface.send(
        "POST", "\(Self.ledger)/kill-switches/activate",
        .object(["scope": .text("model/deepseek"), "reason": .text("a test")]))
      #expect(on.status == 200)
      let head = try await interface.append([Sample.completion("a")]).positions.last ?? 0
      var seen: Set<String> = []
      for position in [0, 1, head - 1, head] {
        let answer = try await interface.send("GET", "\(Self.ledger)/control?as_of=\(position)")
        let settings = interface.settings
        let expected = try await offTheCooperativePool {
          let connection = try Connection(settings)
          defer { connection.close() }
          return try ControlReplay.run(connection, ledger: "main", at: .position(position), fromSnapshot: false)
        }
        #expect(answer.status == 200 && answer.json["position"] == .integer(position))
        #expect(answer.json["sha256"] == .text(expected.digest))
        let state = try #require(answer.json["state"])
        #expect(Hex.string(SHA256Digest.hash(state.canonical)) == expected.digest)
        seen.insert(expected.digest)
      }
      #expect(seen.count > 2)
      let now = try await interface.send("GET", "\(Self.ledger)/control")
      #expect(now.json["position"] == .integer(head))
      let beyond = try await interface.send("GET", "\(Self.ledger)/control?as_of=\(head + 1)")
      #expect(beyond.status == 400 && beyond.json["type"] == .text("/problems/beyond-head"))
      let finance = try await interface.issueKey(kind: "service", roles: ["finance"])
      #expect(try await interface.send("GET", "\(Self.ledger)/control", key: finance.text).status == 403)
    }
  }

  @Test func aRowLeadsToItsEventsAndTheirReceiptsAndTwoPointsToWhatChanged() async throws {
    try await withInterface(Setup(prices: SpendHistory.prices, posts: true)) { interface in
      var history = SpendHistory()
      let before = try await interface.append(history.batch(40)).positions.last ?? 0
      let head = try await interface.append(history.batch(20)).positions.last ?? 0
      let books = "\(Self.ledger)/books/daily_spend"
      let all = try await interface.send("GET", "\(books)?min_position=\(head)")
      let row = try #require(all.rows.first { ($0["calls"]?.integer ?? 0) > 1 })
      let key = ["day", "operation", "model", "provider"].map { "\($0)=\(row[$0]?.string ?? "")" }
        .joined(separator: "&")
      let explained = try await interface.send(
        "GET", "\(books)/explain?\(key)&currency=\(row["currency"]?.string ?? "")")
      #expect(explained.status == 200 && explained.json["found_by"] == .text("declaration"))
      let events = explained.json["events"]?.elements ?? []
      #expect(Int64(events.count) == row["calls"]?.integer)
      let first = try #require(events.first)
      let position = try #require(first["position"]?.integer)
      #expect(first["receipt"] == .text("\(Self.ledger)/events/\(position)/receipt"))
      let event = try await interface.send("GET", "\(Self.ledger)/events/\(position)")
      #expect(event.json["event"]?["id"] == first["id"] && event.json["event"]?["type"] == first["type"])

      let diff = try await interface.send(
        "GET", "\(books)/diff?from=\(before)&to=\(head)&table=daily_spend&limit=1000")
      #expect(diff.status == 200 && diff.json["to"]?["position"] == .integer(head))
      let positions = Set((diff.json["rows"]?.elements ?? []).flatMap { $0["events"]?.elements ?? [] }.map(\.integer))
      #expect(positions == Set((before + 1...head).map { Optional($0) }))
      for query in ["", "?from=\(head)&to=1", "?from=now", "?from=1&table=nowhere", "?from=1&limit=0", "?from=1&x=1"]
      {
        let refused = try await interface.send("GET", "\(books)/diff\(query)")
        #expect(refused.status == 400 && refused.json["errors"]?.elements?.isEmpty == false, "\(query)")
      }
      for query in ["", "?nothing=1", "?day=2026-01-01&as_of=x", "?day=1&day=2", "?day=1&after=-1"] {
        let refused = try await interface.send("GET", "\(books)/explain\(query)")
        #expect(refused.status == 400 && refused.json["errors"]?.elements?.isEmpty == false, "\(query)")
      }
      #expect(try await interface.send("GET", "\(Self.ledger)/books/nothing/explain?a=b").status == 404)
      let approver = try await interface.issueKey(kind: "human", roles: ["approver"])
      #expect(try await interface.send("GET", "\(books)/explain?day=1", key: approver.text).status == 403)
    }
  }
}
