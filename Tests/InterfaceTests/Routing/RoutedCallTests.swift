@testable import DaybookClient
import Domain
import Foundation
import TestKit
import Testing

/// Calls through the client's router, a real service with its database, and a provider that misbehaves on a real port.
@Suite(.timeLimit(.minutes(10)))
struct RoutedCallTests {
  @Test func everyEndOfACallIsDecidedAndRecorded() async throws {
    let prices = ["swift", "mini"].flatMap { model in
      ["input_tokens", "output_tokens"].map { usageClass in
        JSON.object([
          "model": .text(model), "usage_class": .text(usageClass), "per": .integer(1_000_000),
          "price": .object(["amount": .text("2"), "currency": .text("USD")]),
          "valid_from": .text("2020-01-01T00:00:00Z"),
        ])
      }
    }
    try await withInterface(Setup(prices: prices)) { interface in
      let stage = try await Stage(interface)
      try await Self.fallsBack(stage)
      try await Self.cancels(stage)
      try await Self.streams(stage)
      try await Self.stops(stage, interface)
      try await Self.holdsNothing(interface)
      try await stage.appender.close()
      stage.guardian.close()
    }
  }

  /// However the calls ended, no budget holds anything for them any more, and what they cost is booked.
  private static func holdsNothing(_ interface: Interface) async throws {
    let admin = try Daybook(url: "http://127.0.0.1:\(interface.port)", key: interface.admin)
    let counter = try #require(try await admin.budget("alice")["counters"]?.elements?.first)
    #expect(counter["reserved"]?["amount"]?.string == "0")
    let spent = try #require(counter["spent"]?["amount"]?.string.flatMap { Amount($0) })
    let log = try await admin.events(limit: 1000, types: ["completion.recorded"]).records
    let costs = log.compactMap { $0.derived?["cost"].flatMap { Money($0) }?.amount }
    let sum = try costs.reduce(Amount.zero) { try $0.adding($1) }
    // One call was cancelled without a word of what it used: it settled at what was reserved.
    #expect(spent > sum && log.contains { $0.data["usage_source"]?.string == "absent" })
  }

  private static func fallsBack(_ stage: Stage) async throws {
    stage.provider.say(.answer(503, body: "{}"), Stage.answer)
    let completion = try #require(try await stage.router.complete(stage.call("c1")).value)
    #expect(completion.text == "Hello" && completion.decision.model == "swift")
    #expect(completion.attempts.map(\.target.model) == ["swift", "mini"])
    let records = try await stage.records(of: "c1", count: 3)
    #expect(records.map(\.type) == ["route.decided", "completion.recorded", "completion.recorded"])
    #expect(records.map { $0.data["status"]?.string } == [nil, "absorbed", "ok"])
    #expect(records[1...].map(\.id) == ["c1.1", "c1.2"])
    // 19 and 10 tokens of mini at 2 a million.
    #expect(records[2].derived?["cost"]?["amount"]?.string == "0.000058")
    #expect(records[2].data["reported_cost"]?["amount"]?.string == "0.000014")
    // The same call is not served twice.
    await #expect(throws: RoutingError.self) { try await stage.router.complete(stage.call("c1")) }
    #expect(stage.provider.requests.count == 2)
  }

  private static func cancels(_ stage: Stage) async throws {
    stage.provider.say(.late(2_000, .cut))
    let calling = Task { try await stage.router.complete(stage.call("c2")) }
    #expect(await eventually { stage.provider.requests.count == 3 })
    calling.cancel()
    await #expect(throws: CancellationError.self) { try await calling.value }
    let records = try await stage.records(of: "c2", count: 2)
    #expect(records[1].data["status"]?.string == "aborted" && records[1].data["usage_source"]?.string == "absent")
  }

  private static func streams(_ stage: Stage) async throws {
    stage.provider.say(Stage.stream(["Hel", "lo"], isWhole: true), Stage.stream(["Hel"], isWhole: false))
    let whole = try #require(try await stage.router.stream(stage.call("c3")).value)
    var text = ""
    for try await chunk in whole { text += chunk.text ?? "" }
    #expect(text == "Hello")
    #expect(try await stage.records(of: "c3", count: 2)[1].data["usage_source"]?.string == "provider")
    let cut = try #require(try await stage.router.stream(stage.call("c4")).value)
    await #expect(throws: RoutingError.self) { for try await _ in cut {} }
    let record = try await stage.records(of: "c4", count: 2)[1]
    #expect(record.data["status"]?.string == "error" && record.data["error_code"]?.string == "cut")
    #expect(record.data["usage_source"]?.string == "estimated" && record.derived?["cost"] != nil)
  }

  /// A switch is pulled among calls that hurry: none is decided after its position, and the guard knows soon.
  private static func stops(_ stage: Stage, _ interface: Interface) async throws {
    stage.provider.say(Stage.answer)
    let admin = try Daybook(url: "http://127.0.0.1:\(interface.port)", key: interface.admin)
    let asked = stage.provider.requests.count
    let position = try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<20 { group.addTask { _ = try? await stage.router.complete(stage.call("k\(number)")) } }
      let pulled = try await admin.activateKillSwitch("operation/chat_message", reason: "wrong answers")
      try await group.waitForAll()
      return pulled.receipts[0].position
    }
    #expect(await eventually { !stage.guardian.check(CallFacts(operation: "chat_message")).mayProceed })
    let before = stage.provider.requests.count
    #expect(before >= asked && before <= asked + 20)
    guard case .denied(let decision) = try await stage.router.complete(stage.call("late")) else {
      Issue.record("the call was not denied")
      return
    }
    #expect(decision.reasons == ["kill_switch_active"] && stage.provider.requests.count == before)
    try await stage.appender.flush()
    let log = try await admin.events(limit: 1000, types: ["route.decided", "route.denied"]).records
    #expect(log.allSatisfy { $0.type == "route.denied" || $0.position < position })
    #expect(log.last?.subject == "call/late" && log.last?.type == "route.denied")
    // Every call that was allowed is settled.
    for record in log where record.type == "route.decided" {
      #expect(try await stage.records(of: String(record.subject.dropFirst(5)), count: 2).count >= 2)
    }
  }
}

/// A router of a service's key, a started guard, and a provider.
private struct Stage: Sendable {
  let daybook: Daybook
  let appender: BufferedAppender
  let guardian: KillSwitchGuard
  let router: ModelRouter
  let provider: FakeProvider

  init(_ interface: Interface) async throws {
    let admin = try Daybook(url: "http://127.0.0.1:\(interface.port)", key: interface.admin)
    for model in ["swift", "mini"] {
      let made = try await admin.configureModel(
        ModelConfiguration(model, provider: "acme", maximumOutputTokens: 1000))
      #expect(made.outcome == .applied)
    }
    let dollar = try #require(Currency("USD"))
    let budget = BudgetConfiguration(
      "alice", scope: "user/*", limit: .spend(Money(Amount(whole: 5), dollar), window: .day), isHard: true)
    #expect(try await admin.configureBudget(budget).outcome == .applied)
    let route = RouteConfiguration(
      "chat_message", name: "Chat", primary: "swift", fallbacks: ["mini"], criticality: .low)
    #expect(try await admin.configureRoute(route).outcome == .applied)
    let key = try await interface.issueKey(kind: "service", roles: ["service"])
    daybook = try Daybook(url: "http://127.0.0.1:\(interface.port)", key: key.text)
    appender = try await BufferedAppender(daybook, .init(durability: .memory))
    // A busy machine may keep it from the feed for a second: how calls end is tested here, not how old its state may be.
    guardian = KillSwitchGuard(daybook, anyMaximumAge: .seconds(60))
    guardian.start()
    #expect(await guardian.waitUntilKnown(for: .seconds(30)))
    provider = FakeProvider()
    let openRouter = try OpenRouterProvider(
      key: "sk-or-test",
      configuration: OpenRouterConfiguration(baseURL: provider.url, name: "acme", retry: .never))
    router = ModelRouter(daybook, appender: appender, guardian: guardian, providers: [openRouter])
  }

  func call(_ id: String) -> RoutedCall {
    RoutedCall([.user("Hello there")], DecisionRequest("chat_message", id: id, user: "alice"))
  }

  /// The records of a call, when there are so many.
  func records(of call: String, count: Int) async throws -> [LogRecord] {
    let admin = daybook
    try await appender.flush()
    var records: [LogRecord] = []
    _ = try await eventually {
      records = try await admin.events(subject: "call/\(call)").records
      return records.count >= count
    }
    guard records.count >= count else { throw Failure(description: "\(call): \(records)") }
    return records
  }

  static let usage = #""usage":{"prompt_tokens":19,"completion_tokens":10,"total_tokens":29,"cost":1.4e-05}"#

  static let answer = ServedReply.answer(
    200,
    body: #"{"id":"gen-1","model":"mini","choices":[{"finish_reason":"stop","message":{"role":"assistant","#
      + #""content":"Hello"}}],\#(usage)}"#)

  static func stream(_ texts: [String], isWhole: Bool) -> ServedReply {
    .stream { stream in
      for text in texts {
        stream.write(#"data: {"id":"gen-2","choices":[{"delta":{"content":"\#(text)"}}]}"# + "\n\n")
      }
      guard isWhole else { return }
      stream.write(#"data: {"id":"gen-2","choices":[{"delta":{},"finish_reason":"stop"}]}"# + "\n\n")
      stream.write(#"data: {"id":"gen-2","choices":[],\#(usage)}"# + "\n\ndata: [DONE]\n\n")
      stream.end()
    }
  }
}
