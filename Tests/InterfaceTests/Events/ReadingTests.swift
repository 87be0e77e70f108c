import Domain
import Postgres
import Testing

/// Reading the log over HTTP: pages, filters and the stream without an end but the head's.
@Suite struct ReadingTests {
  @Test func pagesLeadFromOneToTheNextWithoutAGapOrARepetition() async throws {
    try await withInterface { interface in
      let before = try await interface.head()
      for batch in 0..<5 {
        try await interface.append((0..<50).map { Sample.event("\(batch)-\($0)", subject: "s/\($0 % 7)") })
      }
      for limit in [1, 49, 50, 250, 1_000] {
        var positions: [Int64] = []
        var after = before
        while true {
          let page = try await interface.send("GET", "/v1/ledgers/main/events?after=\(after)&limit=\(limit)")
          let records = page.json["records"]?.elements ?? []
          #expect(records.count <= limit)
          positions += records.compactMap { $0["event"]?["position"]?.string.flatMap { Int64($0) } }
          guard let next = page.json["next"]?.integer else { break }
          #expect(next == positions.last)
          after = next
          if limit == 1 && positions.count > 20 { break }
        }
        let all = Array(before + 1...before + 250)
        #expect(positions == (limit == 1 ? Array(all.prefix(positions.count)) : all), "limit \(limit)")
      }
    }
  }

  /// A page of a thousand events of the largest size once took 48 MB several times over, for each of those who asked.
  @Test func aPageOfLargeEventsIsFullBeforeItsLimit() async throws {
    try await withInterface { interface in
      let before = try await interface.head()
      let text = JSON.object(["text": .text(String(repeating: "a", count: 40_000))])
      let appended = try await interface.append((0..<250).map { Sample.event("\($0)", data: text) })
      #expect(appended.status == 200)
      var positions: [Int64] = []
      var after = before
      while true {
        let page = try await interface.send("GET", "/v1/ledgers/main/events?after=\(after)&limit=1000")
        #expect(page.body.count < 6 << 20)
        positions += (page.json["records"]?.elements ?? []).compactMap {
          $0["event"]?["position"]?.string.flatMap { Int64($0) }
        }
        guard let next = page.json["next"]?.integer else { break }
        #expect(next == positions.last)
        after = next
      }
      #expect(positions == Array(before + 1...before + 250))
    }
  }

  /// Who has a key but no database takes the log away all the same, with everything that its hashes are made of.
  @Test func theFormOfExportsIsVerifiedWithoutADatabase() async throws {
    try await withInterface { interface in
      try await interface.append(
        (0..<120).map { Sample.completion("c\($0)", data: ["user": .text("üser \($0 % 7)")]) })
      let folder = try Folder()
      let file = folder.path + "/main.ndjson"
      let variables = ["DAYBOOK_URL": "http://127.0.0.1:\(interface.port)", "DAYBOOK_KEY": interface.admin]
      let export = try await Program.run(["export", "--output", file], environment: variables)
      #expect(export.status == 0, "\(export)")
      let report = try await Program.run(["verify-export", file])
      let head = try await interface.head()
      #expect(report.status == 0 && report.output.contains("main 1 to \(head): \(head) events"), "\(report)")
      let verified = try await Program.run(["verify", "--database-url", interface.settings.url])
      let root = try #require(report.output.firstMatch(of: /root ([0-9a-f]{64})/)).1
      #expect(verified.output.contains(root))
      let some = try await Program.run(
        ["export", "--type", "completion.recorded", "--up-to", "\(head - 20)"], environment: variables)
      #expect(some.output.split(separator: "\n").count { $0.hasPrefix("{\"actor\"") } == 100)
      let wrong = try await interface.send("GET", "/v1/ledgers/main/events?form=csv")
      #expect(wrong.status == 400 || wrong.status == 422)
    }
  }

  @Test func filtersNarrow() async throws {
    try await withInterface { interface in
      let before = try await interface.head()
      try await interface.append(
        (0..<30).map {
          Sample.event(
            "\($0)", type: "x.t\($0 % 3)", subject: "s/\($0 % 5)", time: "2026-01-0\($0 % 9 + 1)T00:00:00Z")
        })
      func count(_ query: String) async throws -> Int {
        let page = try await interface.send("GET", "/v1/ledgers/main/events?after=\(before)&\(query)")
        return page.json["records"]?.elements?.count ?? -1
      }
      let counts = [
        try await count("type=x.t0"), try await count("type=x.t0&type=x.t1"), try await count("subject=s/3"),
        try await count("subject=s%2F3&type=x.t0"), try await count("type=x.t"),
        try await count("from=2026-01-03T00:00:00Z&to=2026-01-05T00:00:00Z"),
      ]
      let events = 0..<30
      // `from` and `to` are recorded times: nothing of January was recorded in it.
      #expect(
        counts == [
          10, 20, 6, events.count { $0 % 15 == 3 }, 0, 0,
        ])
      let now = try await count("from=2026-06-01T00:00:00Z")
      #expect(now == 30)
    }
  }

  /// 100,000 events; service and reader are one process here, and it must not grow with what passes through it.
  @Test func aStreamOfManyEventsNeedsLittleMemory() async throws {
    let reading = try await Self.read(100_000, length: 25)
    #expect(reading.bytes > 50 << 20)
    #expect(reading.growth < 40 << 20)
  }

  /// A thousand events of the largest size are 48 MB, and a stream that read a thousand at a time took that and more: now what is
  /// read at once follows the size of the events.
  @Test func aStreamOfLargeEventsNeedsLittleMemoryToo() async throws {
    let reading = try await Self.read(2_400, length: 5_000)
    #expect(reading.bytes > 90 << 20)
    #expect(reading.growth < 50 << 20)
  }

  /// Feeds looked at their key again and again; a stream of the whole log once went on for a key that was revoked.
  @Test func aStreamIsCutOffWhenItsKeyIsRevoked() async throws {
    try await withInterface { interface in
      let head = try await interface.head()
      let settings = interface.settings
      try await offTheCooperativePool {
        let connection = try Connection(settings)
        defer { connection.close() }
        try connection.script(Self.events(50_000, length: 100, after: head))
      }
      try await interface.append([Sample.event("last")])
      let key = try await interface.issueKey(kind: "human", roles: ["auditor"])
      let socket = try ClientSocket(port: interface.port)
      try socket.send(
        Exchange.request(
          "GET", "/v1/ledgers/main/events?after=\(head)",
          headers: [("Authorization", "Bearer \(key.text)"), ("Accept", "application/x-ndjson")]))
      var bytes = try await offTheCooperativePool { try socket.receive() }
      let revoked = try await interface.send(
        "POST", "/v1/keys/\(key.id)/revoke", .object(["reason": .text("left")]))
      #expect(revoked.status == 200)
      bytes += try await offTheCooperativePool {
        var rest: [UInt8] = []
        while let piece = try? socket.receive(), !piece.isEmpty { rest += piece }
        return rest
      }
      #expect(bytes.count < 20 << 20)
      #expect(!String(decoding: bytes.suffix(5), as: UTF8.self).hasPrefix("0\r\n"))
    }
  }

  @Test func aStreamEndsAtItsLimit() async throws {
    try await withInterface { interface in
      let before = try await interface.head()
      try await interface.append((0..<150).map { Sample.event("\($0)") })
      for limit in [1, 99, 100, 101, 150, 151] {
        let some = try await interface.send(
          "GET", "/v1/ledgers/main/events?after=\(before)&limit=\(limit)",
          headers: [("Accept", "application/x-ndjson")])
        #expect(some.body.count { $0 == 0x0A } == min(limit, 150))
      }
    }
  }

  private struct StreamReading: Sendable {
    var lines = 0
    var bytes = 0
    var growth = 0
  }

  private static func read(_ count: Int, length: Int) async throws -> StreamReading {
    try await withInterface { interface in
      let head = try await interface.head()
      let settings = interface.settings
      try await offTheCooperativePool {
        let connection = try Connection(settings)
        defer { connection.close() }
        try connection.script(Self.events(count, length: length, after: head))
      }
      // The writer has read what it missed, so that the stream's memory is looked at alone.
      try await interface.append([Sample.event("last")])
      let found = try await offTheCooperativePool { try Self.readStream(interface, after: head) }
      #expect(found.lines == count + 1)
      print("\(count) events streamed: \(found.bytes >> 20) MiB, memory grew by \(found.growth >> 20) MiB at most")
      return found
    }
  }

  private static func events(_ count: Int, length: Int, after head: Int64) -> String {
    """
    INSERT INTO daybook.events (
      ledger_id, position, id, source, type, type_version, subject, sequence, occurred_at, recorded_at, actor, actor_kind,
      data, payload_hash
    )
    SELECT 'main', \(head) + n, 'bulk-' || n, '/bulk', 'x.bulk', 1, 'bulk/' || n, 1, now(), now(), 'bulk', 'service',
      jsonb_build_object('n', n, 'text', repeat('abcdefgh', \(length))), sha256(n::text::bytea)
    FROM generate_series(1, \(count)) AS n
    """
  }

  /// Reads as it comes and keeps nothing; looks at the memory of this process now and then.
  private static func readStream(_ interface: Interface, after: Int64) throws -> StreamReading {
    let socket = try ClientSocket(port: interface.port)
    let before = ProcessMemory.resident
    var most = before
    try socket.send(
      Exchange.request(
        "GET", "/v1/ledgers/main/events?after=\(after)",
        headers: [("Authorization", "Bearer \(interface.admin)"), ("Accept", "application/x-ndjson")]))
    var lines = 0
    var last: UInt8 = 0
    var bytes = 0
    var pieces = 0
    while case let piece = try socket.receive(), !piece.isEmpty {
      // Lines end in a brace; the line ends of chunks do not.
      for byte in piece {
        if byte == 0x0A && last == UInt8(ascii: "}") { lines += 1 }
        last = byte
      }
      bytes += piece.count
      pieces += 1
      if pieces % 10 == 0 { most = max(most, ProcessMemory.resident) }
    }
    return StreamReading(lines: lines, bytes: bytes, growth: most - before)
  }
}
