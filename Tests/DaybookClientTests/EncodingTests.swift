import Domain
import Testing

@testable import DaybookClient

@Suite
struct EncodingTests {
  static let moment = Timestamp(microseconds: 1_700_000_000_123_456)
  static let money = Money(Amount("0.00123")!, Currency("USD")!)

  private static func everything() -> CompletionRecorded {
    var content = CompletionRecorded(
      operation: "chat_message", model: "deepseek", provider: "deepseek",
      usage: Usage(
        inputTokens: 1, cacheReadTokens: 2, cacheWriteTokens: 3, cacheWrite1hTokens: 4, outputTokens: 5,
        reasoningTokens: 6, audioInputTokens: 7, audioOutputTokens: 8, imageTokens: 9, characters: 10, images: 11,
        requests: 12, audioMilliseconds: 13),
      latencyMilliseconds: 340, status: .absorbed, attempt: 2, user: "ünï \"q\"\n", team: "t", session: "s",
      tags: ["b": "2", "a": "1", "é": "3"])
    content.requestedModel = "other"
    content.tier = "cheap"
    content.errorCode = "overloaded"
    content.reportedCost = money
    content.timeToFirstTokenMilliseconds = 20
    content.qualityScore = Amount("0.875")
    content.strategy = "st"
    content.goal = "g"
    content.responseID = "resp"
    content.finishReason = "stop"
    content.rawUsage = .object(["prompt_tokens": .integer(3)])
    return content
  }

  static var contents: [any EventContent] {
    [
      everything(),
      CompletionRecorded(operation: "o", model: "m", provider: "p", usage: Usage(), latencyMilliseconds: 0),
      RouteDecided(operation: "o", model: "m", provider: "p", rationale: "because"),
      RouteDenied(operation: "o", model: "m", provider: "p", rationale: "because"),
      CostIncurred(
        category: .apiService, cost: money, periodStart: moment,
        periodEnd: Timestamp(microseconds: moment.microseconds + 1), details: "d", provider: "p",
        model: "m", strategy: "s", invoice: "i"),
      RevenueEarned(
        revenue: money, strategy: "s", earnedAt: moment, sourceAttribution: "a", model: "m", operation: "o",
        goal: "g", customer: "c"),
      CustomEvent("x.own", version: 3, data: .object(["b": .integer(1), "a": .array([.null, .boolean(true)])])),
    ]
  }

  @Test("Every type of event is written in canonical form, and the catalogue takes it", arguments: contents.indices)
  func canonical(_ index: Int) throws {
    let content = Self.contents[index]
    let subject = "\(Catalogue.standard.type(content.eventType)?.subjectPrefix ?? "own/")1"
    let event = Event(
      content, subject: subject, source: "/s", time: Self.moment, expectedSequence: 7, correlationID: "corr",
      causationID: "cause", traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    var bytes: [UInt8] = []
    event.appendCloudEvent(to: &bytes, source: "/s")
    let root = try JSONDocument(bytes).root
    #expect(String(decoding: root.canonical, as: UTF8.self) == String(decoding: bytes, as: UTF8.self))
    #expect(try JSONDocument(event.data).root.canonical == event.data)
    let draft = try CloudEvents.read(event: bytes)
    #expect(draft.expectedSequence == 7 && draft.time == Self.moment && draft.body.canonical == event.data)
    #expect(root["expectedsequence"]?.string == "7")
    #expect(root["time"]?.string == "2023-11-14T22:13:20.123456Z")
  }

  @Test("All members of a completion carry the catalogue's names")
  func names() throws {
    let data = try JSONDocument(Event(Self.everything(), subject: "call/1").data).root
    #expect(
      data.members.map(\.key.string) == [
        "attempt", "error_code", "finish_reason", "goal", "latency_ms", "model", "operation", "provider",
        "quality_score", "raw_usage", "reported_cost", "requested_model", "response_id", "session", "status",
        "strategy", "tags", "team", "tier", "time_to_first_token_ms", "usage", "usage_source", "user",
      ])
    #expect(data["usage"]?.members.map(\.value.integer) == [7, 13, 8, 2, 4, 3, 10, 9, 11, 1, 5, 6, 12])
  }

  @Test("Ids ascend, never repeat, and are UUIDs of version 7, also where the clock stands still or goes back")
  func ids() {
    let clock = StubbornClock([1000, 1000, 999, 1001, 1001, 5, 1002])
    let generator = EventIDGenerator(now: { clock.next() })
    var ids: [String] = []
    for _ in 0..<100_000 { ids.append(generator.next()) }
    #expect(zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 })
    #expect(ids.allSatisfy { $0.utf8.count == 36 && Array($0.utf8)[14] == 0x37 })
    #expect(ids.allSatisfy { "89ab".utf8.contains(Array($0.utf8)[19]) })
    #expect(EventID.make() < EventID.make())
  }

  @Test("Neither key nor payload shows where clients, requests, events and errors are printed")
  func secrets() throws {
    let client = try Daybook(url: "http://127.0.0.1:1", key: "dbk_topsecret")
    var text = ""
    dump(client, to: &text)
    text += "\(client) \(String(reflecting: client)) \(String(describing: client))"
    text += "\(Event(CustomEvent("x.a", data: .object(["p": .text("dbk_topsecret")])), subject: "s"))"
    text += "\(TransportRequest(method: "GET", url: client.url, headers: [client.authorisation]))"
    text += "\(DaybookError(.invalid, "no", detail: "dbk_topsecret"))"
    #expect(!text.contains("topsecret"))
  }

  @Test(
    "Addresses that would send the key in the clear, or nowhere, are refused",
    arguments: [
      ("http://10.0.0.1:7450", "insecure"), ("http://127.0.0.1.example:80", "insecure"),
      ("http://localhost.example", "insecure"), ("ftp://127.0.0.1", "configuration"), ("", "configuration"),
      ("http://user:pw@127.0.0.1", "configuration"), ("http://127.0.0.1/?a=b", "configuration"),
    ])
  func addresses(_ url: String, _ code: String) {
    let error = #expect(throws: DaybookError.self) { try Daybook(url: url, key: "k") }
    #expect(error?.code.description == code)
  }

  @Test("Loopback in the clear, anything encrypted, and what is allowed explicitly are taken")
  func allowedAddresses() throws {
    for url in ["http://127.0.0.1:7450/", "http://localhost:1", "http://[::1]:1", "https://ledger.example/"] {
      #expect(try !Daybook(url: url, key: "k").url.hasSuffix("/"))
    }
    _ = try Daybook(
      url: "http://10.0.0.1", key: "k", configuration: DaybookConfiguration(allowsUnencryptedRemote: true))
    let client = try Daybook.fromEnvironment(["DAYBOOK_KEY": "k", "DAYBOOK_LEDGER": "other"])
    #expect(client.url == "http://127.0.0.1:7450" && client.ledger == "other")
    #expect(throws: DaybookError.self) { try Daybook.fromEnvironment([:]) }
    #expect(throws: DaybookError.self) { try Daybook(url: "https://a", key: "k", ledger: "Main") }
    #expect(throws: DaybookError.self) { try Daybook(url: "https://a", key: "k\r\nX: y") }
  }

  @Test("Waits double up to their ceiling, are jittered, and are never shorter than the server asked")
  func delays() {
    let policy = RetryPolicy(firstDelay: .milliseconds(100), longestDelay: .seconds(1))
    #expect(policy.delay(before: 2, retryAfter: nil, fraction: 0) == .milliseconds(50))
    #expect(policy.delay(before: 4, retryAfter: nil, fraction: 0.5) == .milliseconds(300))
    #expect(policy.delay(before: 60, retryAfter: nil, fraction: 0) == .milliseconds(500))
    #expect(policy.delay(before: 2, retryAfter: .seconds(3), fraction: 0) == .seconds(3))
  }
}

/// A clock that says what it was told, the last word for ever.
final class StubbornClock: Sendable {
  private let times: [UInt64]
  private let place = Counter()

  init(_ times: [UInt64]) { self.times = times }

  func next() -> UInt64 { times[min(place.next(), times.count - 1)] }
}
