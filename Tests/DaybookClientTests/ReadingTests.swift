import Domain
import Foundation
import TestKit
import Testing

@testable import DaybookClient

/// A record as the ledger spells it.
func record(_ position: Int) -> String {
  #"{"event":{"specversion":"1.0","id":"e\#(position)","source":"/s","type":"x.note","subject":"n/\#(position)","#
    + #""time":"2026-01-01T00:00:00Z","ledger":"main","position":"\#(position)","subjectsequence":"1","#
    + #""recordedtime":"2026-01-01T00:00:01.000000Z","actor":"key","actorkind":"service","data":{"n":\#(position)}},"#
    + #""derived":{"posting_date":"2026-01-01"}}"#
}

@Suite(.timeLimit(.minutes(5)))
struct ReadingTests {
  @Test("All events come page by page, each once, up to the end")
  func pages() async throws {
    let server = LocalServer { request in
      let after = Int(request.query["after"] ?? "") ?? 0
      let last = min(after + 40, 100)
      let records = after < last ? (after + 1...last).map(record).joined(separator: ",") : ""
      return .answer(200, body: #"{"records":[\#(records)],"next":\#(last == 100 ? "null" : "\(last)")}"#)
    }
    let client = try Daybook(url: server.url, key: "k")
    var positions: [Int64] = []
    for try await event in client.allEvents(after: 3, types: ["x.note", "x.ö"], subject: "a/b c") {
      positions.append(event.position)
      #expect(event.data["n"]?.integer == event.position)
      #expect(event.derived?["posting_date"]?.string == "2026-01-01")
    }
    #expect(positions == (4...100).map { Int64($0) })
    #expect(server.requests[0].target.hasSuffix("type=x.note&type=x.%C3%B6&subject=a%2Fb%20c"))
  }

  @Test("A live feed resumes where it was after every cut, silence and refusal, and misses nothing", arguments: 1...5)
  func follow(seed: Int) async throws {
    let connection = Counter()
    let server = LocalServer { request in
      var random = SeededRandom(seed * 1000 + connection.next())
      switch random.next() % 5 {
      case 0: return .answer(503, body: "")
      case 1: return .cut
      default: break
      }
      let after = Int(request.query["after"] ?? "") ?? -1
      #expect(after == 0 || request.headers["last-event-id"] == "\(after)")
      let chunk = Int(random.next() % 30) + 1
      let isSilent = random.next() % 3 == 0
      let repeats = after > 0 && random.next() % 2 == 0
      return .stream { stream in
        var text = repeats ? "id: \(after)\nevent: record\ndata: \(record(after))\n\n" : ""
        for position in (after + 1)..<(after + chunk + 1) {
          text += "id: \(position)\nevent: record\ndata: \(record(position))\n\n"
          text += "event: heartbeat\ndata: {\"position\":\(position)}\n\n"
        }
        // Cut in the middle of an event, as connections are.
        stream.write(String(text.dropLast(Int(chunk))))
        if isSilent { usleep(400_000) }
      }
    }
    let client = try Daybook(
      url: server.url, key: "k",
      configuration: DaybookConfiguration(
        retry: RetryPolicy(firstDelay: .milliseconds(1), longestDelay: .milliseconds(5)),
        feedSilence: .milliseconds(150)))
    var expected: Int64 = 1
    for try await event in client.follow() {
      #expect(event.position == expected, "seed \(seed)")
      expected += 1
      if expected > 200 { break }
    }
    #expect(expected == 201)
  }

  @Test("A feed that skips a position, or that may not be read, ends with an error that says so")
  func gap() async throws {
    let skipping = LocalServer { _ in
      .stream { $0.write("event: record\ndata: \(record(1))\n\nevent: record\ndata: \(record(3))\n\n") }
    }
    let error = await #expect(throws: DaybookError.self) {
      for try await _ in try Daybook(url: skipping.url, key: "k").follow() {}
    }
    #expect(error?.code == .gap)
    let closed = LocalServer { _ in .answer(403, body: #"{"type":"/problems/forbidden"}"#) }
    let refused = await #expect(throws: DaybookError.self) {
      for try await _ in try Daybook(url: closed.url, key: "k").follow() {}
    }
    #expect(refused?.code == .forbidden && refused?.problem == "forbidden")
  }

  @Test("A reader that stops reading lets a feed of any length wait, and cancelling ends it")
  func slowReader() async throws {
    let written = Counter()
    let server = LocalServer { _ in
      .stream { stream in
        var position = 1
        while stream.write("event: record\ndata: \(record(position))\n\n") {
          position += 1
          written.next()
        }
      }
    }
    let task = Task {
      for try await _ in try Daybook(url: server.url, key: "k").follow() {
        try await Task.sleep(for: .seconds(60))
      }
    }
    var last = -1
    while written.value != last || last == 0 {
      last = written.value
      try await Task.sleep(for: .milliseconds(300))
    }
    // 4 MiB here and what the two sockets hold; a record takes about 350 bytes.
    #expect(written.value < 60_000)
    task.cancel()
    await #expect(throws: (any Error).self) { try await task.value }
  }

  @Test("A book's answer is typed, and its parameters are encoded")
  func books() async throws {
    let server = LocalServer { _ in
      .answer(
        200,
        body: #"{"projection":"daily_spend","version":2,"query":"by_day","ledger":"main","position":9,"#
          + #""recordedtime":"2026-01-01T00:00:00.000000Z","rows":[{"day":"2026-01-01","cost":"0.1","calls":3}]}"#)
    }
    let answer = try await Daybook(url: server.url, key: "k").books(
      "daily_spend", query: "by_day", parameters: [(name: "group_by", value: "model,user")], minPosition: 9,
      asOf: .position(12))
    #expect(answer.position == 9 && answer.version == 2 && answer.rows[0]["calls"]?.integer == 3)
    let target = server.requests[0].target
    #expect(
      target == "/v1/ledgers/main/books/daily_spend/by_day?group_by=model%2Cuser&min_position=9&as_of=12")
  }

  @Test("A command is repeated under one idempotency key")
  func commands() async throws {
    let count = Counter()
    let server = LocalServer { _ in
      count.next() == 0
        ? .cut
        : .answer(
          200,
          body: #"{"ledger":"main","events":[{"id":"k#1","position":4,"sequence":1,"#
            + #""recordedtime":"2026-01-01T00:00:00.000000Z","duplicate":false}],"head":{"position":4,"root":"r"},"#
            + #""approval":"a1"}"#)
    }
    let result = try await Daybook(url: server.url, key: "k").requestApproval(
      ApprovalRequest(kind: "action", change: .object(["a": .integer(1)]), reasonCode: "because", risk: .low))
    #expect(result.json["approval"]?.string == "a1" && result.receipts[0].position == 4)
    let keys = server.requests.map { $0.headers["idempotency-key"] }
    #expect(keys.count == 2 && keys[0] == keys[1] && keys[0] != nil)
    #expect(server.requests[1].path == "/v1/ledgers/main/approvals")
  }
}
