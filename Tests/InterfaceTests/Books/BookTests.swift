import Domain
import Testing

/// Books over HTTP, against a recomputation that knows nothing of them.
@Suite struct BookTests {
  private static let book = "/v1/ledgers/main/books/daily_spend"

  @Test func everyGroupingIsTheSumOfWhatWasSent() async throws {
    try await withInterface(Setup(prices: SpendHistory.prices, posts: true)) { interface in
      var history = SpendHistory()
      history.recorded(try await interface.append(history.batch(400)).positions)
      let head = try await interface.head()
      let keys = ["day", "operation", "model", "provider"]
      for chosen in 1..<16 {
        let group = keys.enumerated().filter { chosen >> $0.offset & 1 == 1 }.map(\.element)
        let answer = try await interface.send(
          "GET", "\(Self.book)?min_position=\(head)&group_by=\(group.joined(separator: ","))")
        #expect(SpendHistory.rows(answer, by: group) == history.rows(by: group), "\(group)")
        #expect(answer.json["position"] == .integer(head))
        // Keys that were not asked for are not there at all.
        #expect(answer.rows.allSatisfy { row in keys.allSatisfy { group.contains($0) == (row[$0] != nil) } })
      }
      let repeated = try await interface.send("GET", "\(Self.book)?group_by=day&group_by=model")
      #expect(SpendHistory.rows(repeated, by: ["day", "model"]) == history.rows(by: ["day", "model"]))
    }
  }

  @Test func aBookOfThePastIsWhatItWasThen() async throws {
    try await withInterface(Setup(prices: SpendHistory.prices, posts: true)) { interface in
      var history = SpendHistory()
      var points: [(position: Int64, time: String)] = []
      for size in [1, 7, 100, 3] {
        let answer = try await interface.append(history.batch(size))
        history.recorded(answer.positions)
        let last = answer.json["events"]?.elements?.last
        points.append((answer.positions.last ?? 0, last?["recordedtime"]?.string ?? ""))
      }
      let keys = ["day", "operation", "model", "provider"]
      _ = try await interface.send("GET", "\(Self.book)?min_position=\(points[3].position)")
      for (position, time) in points {
        let expected = history.rows(by: keys, upTo: position)
        let byPosition = try await interface.send("GET", "\(Self.book)?as_of=\(position)")
        #expect(SpendHistory.rows(byPosition, by: keys) == expected, "as of \(position)")
        #expect(byPosition.json["position"] == .integer(position))
        let byTime = try await interface.send("GET", "\(Self.book)?as_of=\(time)")
        #expect(byTime.body == byPosition.body, "as of \(time)")
        let middle = try await interface.send("GET", "\(Self.book)?as_of=\(position - 1)")
        #expect(SpendHistory.rows(middle, by: keys) == history.rows(by: keys, upTo: position - 1))
      }
      let empty = try await interface.send("GET", "\(Self.book)?as_of=0")
      #expect(empty.status == 200 && empty.rows.isEmpty)
      let live = try await interface.send("GET", "\(Self.book)?min_position=\(points[3].position)")
      let replayed = try await interface.send("GET", "\(Self.book)?as_of=\(points[3].position)")
      #expect(live.body == replayed.body)
    }
  }

  @Test func everyFormatSaysTheSame() async throws {
    try await withInterface(Setup(prices: SpendHistory.prices, posts: true)) { interface in
      var history = SpendHistory()
      let head = try await interface.append(history.batch(50)).positions.last ?? 0
      let path = "\(Self.book)?min_position=\(head)&group_by=day,model"
      let json = try await interface.send("GET", path)
      #expect(json.header("Content-Type") == "application/json")
      let lines = try await interface.send("GET", path, headers: [("Accept", "application/x-ndjson")])
      #expect(lines.header("Content-Type") == "application/x-ndjson")
      #expect(lines.header("Daybook-Position") == "\(head)")
      let rows = try lines.body.split(separator: 0x0A).map { try JSON(parsing: Array($0)) }
      #expect(rows == json.rows)
      let csv = try await interface.send("GET", path, headers: [("Accept", "text/html, text/csv;q=0.9")])
      #expect(csv.header("Content-Type") == "text/csv")
      let table = csv.text.split(separator: "\r\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      let names = try #require(table.first).map(String.init)
      #expect(table.count == rows.count + 1)
      for (cells, row) in zip(table.dropFirst(), rows) {
        for (name, cell) in zip(names, cells) {
          #expect(String(cell) == row[name]?.string ?? row[name]?.integer.map(String.init) ?? "", "\(name)")
        }
      }
    }
  }

  @Test func whoWaitsForAPositionIsAnsweredAsSoonAsItIsThere() async throws {
    try await withInterface(Setup(posts: true)) { interface in
      let head = try await interface.head()
      async let waiting = interface.send("GET", "\(Self.book)?min_position=\(head + 1)")
      try await Task.sleep(for: .milliseconds(300))
      try await interface.append([Sample.completion("a")])
      #expect(try await waiting.rows.first?["calls"] == .integer(1))
    }
  }

  /// A list is told by commas, by repetition, or by both; everything else stands once.
  @Test func aListMayStandMoreThanOnce() async throws {
    try await withInterface(Setup(posts: true)) { interface in
      let events = ["a", "b", "c"].map { Sample.completion("of-\($0)", data: ["team": .text($0)]) }
      let head = try await interface.append(events).positions.last ?? 0
      var answers: [Set<String>] = []
      for query in ["team=a,b", "team=a&team=b", "team=a,b&team=c", "team=c"] {
        let answer = try await interface.send(
          "GET", "\(Self.book)/by_team?min_position=\(head)&group_by=team&\(query)")
        answers.append(Set(answer.rows.compactMap { $0["team"]?.string }))
      }
      #expect(answers == [["a", "b"], ["a", "b"], ["a", "b", "c"], ["c"]])
      for query in ["from=2026-01-01&from=2026-01-02", "as_of=1&as_of=2", "min_position=1&min_position=1"] {
        let twice = try await interface.send("GET", "\(Self.book)?\(query)")
        #expect(twice.json["errors"]?.elements?.first?["code"] == .text("repeated"), "\(twice.text)")
      }
    }
  }

  @Test func daysAreIncludedAtBothEndsAndFollowTheLedgersZone() async throws {
    try await withInterface(Setup(timeZone: "Asia/Kolkata", posts: true)) { interface in
      let times = [
        "2026-01-04T18:29:59Z", "2026-01-04T18:30:00Z", "2026-01-05T18:29:59.999999Z", "2026-01-05T18:30:00Z",
      ]
      let head =
        try await interface.append(times.enumerated().map { Sample.completion("\($0.offset)", time: $0.element) })
        .positions.last ?? 0
      func calls(_ query: String) async throws -> Int64 {
        let answer = try await interface.send("GET", "\(Self.book)?min_position=\(head)&group_by=day&\(query)")
        return answer.rows.reduce(0) { $0 + ($1["calls"]?.integer ?? 0) }
      }
      let counts = [
        try await calls("from=2026-01-05&to=2026-01-05"), try await calls("from=2026-01-05"),
        try await calls("to=2026-01-04"), try await calls("from=2026-01-06&to=2026-01-05"),
      ]
      #expect(counts == [2, 3, 1, 0])
    }
  }
}
