import Domain
import TestKit
import Testing

@testable import DaybookClient

/// Decide, call, fall back, record.
@Suite(.timeLimit(.minutes(5)))
struct ModelRouterTests {
  @Test("a call is decided, served and recorded with all that is known")
  func whole() async throws {
    let provider = ScriptedProvider("acme", .answer(.sample()))
    let stage = try await RouterStage(provider)
    let call = stage.call {
      $0.decision.team = "search"
      $0.decision.strategy = "growth"
      $0.parameters.maximumOutputTokens = 400
      $0.tags = ["release": "7"]
    }
    let completion = try #require(try await stage.router.complete(call).value)
    #expect(completion.text == "Hi." && completion.decision.id == "c1" && completion.attempts.map(\.status) == [.ok])
    #expect(completion.attempts[0].unrecorded == nil)
    #expect(provider.requests.map(\.model) == ["deepseek"])
    // Eleven characters and the bound of the answer are what budgets reserve.
    #expect(
      stage.ledger.decisions == [
        .object([
          "id": .text("c1"), "operation": .text("chat_message"), "user": .text("alice"), "team": .text("search"),
          "strategy": .text("growth"),
          "estimate": .object(["input_characters": .integer(11), "output_tokens": .integer(400)]),
        ])
      ])
    let event = try #require(try await stage.recorded().first)
    #expect(event.id == "c1.1" && event.subject == "call/c1" && event.causation == "c1")
    var data = try JSON(parsing: Array(event.data.utf8))
    #expect(try #require(data["latency_ms"]?.integer) >= 0)
    data["latency_ms"] = nil
    #expect(
      data
        == .object([
          "attempt": .integer(1), "status": .text("ok"), "operation": .text("chat_message"),
          "model": .text("deepseek"), "provider": .text("acme"), "usage_source": .text("provider"),
          "usage": .object(["input_tokens": .integer(19), "output_tokens": .integer(10)]),
          "reported_cost": .object(["amount": .text("0.00014"), "currency": .text("USD")]),
          "raw_usage": .object(["prompt_tokens": .integer(19)]), "finish_reason": .text("stop"),
          "response_id": .text("gen-1"), "user": .text("alice"), "team": .text("search"),
          "strategy": .text("growth"), "tags": .object(["release": .text("7")]),
        ]))
  }

  @Test("fallbacks are tried in the order that was decided, and the failed attempts are absorbed")
  func fallback() async throws {
    let first = ScriptedProvider("acme", .fail(.away), .fail(.lost))
    let second = ScriptedProvider("other", .answer(.sample(model: "swift-2-2026-01-01")))
    let stage = try await RouterStage(first, second)
    stage.ledger.decide {
      FakeLedger.allow($0, [("deepseek", "acme"), ("mini", "acme"), ("nowhere", "nobody"), ("swift-2", "other")])
    }
    let completion = try #require(try await stage.router.complete(stage.call()).value)
    #expect(first.requests.map(\.model) == ["deepseek", "mini"] && second.requests.map(\.model) == ["swift-2"])
    #expect(completion.attempts.map(\.status) == [.absorbed, .absorbed, .ok])
    let events = try await stage.recorded(3)
    #expect(events.map(\.id) == ["c1.1", "c1.2", "c1.3"])
    #expect(events.map { $0["status"]?.string } == ["absorbed", "absorbed", "ok"])
    #expect(events.map { $0["error_code"]?.string } == ["unavailable", "connection", nil])
    // Who refused before anything began used nothing; what was lost on its way may have been billed.
    #expect(events.map { $0["usage_source"]?.string } == ["estimated", "absent", "provider"])
    #expect(events[0]["usage"] == .object(["input_tokens": .integer(0), "output_tokens": .integer(0)]))
    #expect(events[1]["usage"] == .object([:]))
    #expect(events[2]["model"]?.string == "swift-2-2026-01-01" && events[2]["requested_model"]?.string == "swift-2")
  }

  @Test("when every attempt fails the last one is the error")
  func allFail() async throws {
    let stage = try await RouterStage(ScriptedProvider("acme", .fail(.away), .fail(.lost)))
    stage.ledger.decide { FakeLedger.allow($0, [("deepseek", "acme"), ("mini", "acme")]) }
    let error = await #expect(throws: RoutingError.self) { try await stage.router.complete(stage.call()) }
    #expect(error?.code == .failed && error?.attempts.map(\.status) == [.absorbed, .error])
    #expect((error?.cause as? AIProviderError)?.code == .connection)
    #expect(try await stage.recorded(2).map { $0["status"]?.string } == ["absorbed", "error"])
  }

  @Test("no fallback is tried where none can help, and none but those that were allowed")
  func noFallback() async throws {
    let wrong = ScriptedProvider("acme", .fail(AIProviderError(.invalidRequest, "wrong")), .answer(.sample()))
    let stage = try await RouterStage(wrong)
    stage.ledger.decide { FakeLedger.allow($0, [("deepseek", "acme"), ("mini", "acme")]) }
    await #expect(throws: RoutingError.self) { try await stage.router.complete(stage.call()) }
    #expect(wrong.requests.count == 1)
    #expect(try await stage.recorded().map { $0["status"]?.string } == ["error"])

    let key = AIProviderError(.unauthorised, "no key")
    let acme = ScriptedProvider("acme", .fail(key), .answer(.sample()))
    let other = ScriptedProvider("other", .answer(.sample("Yes.")))
    let second = try await RouterStage(acme, other)
    second.ledger.decide { FakeLedger.allow($0, [("deepseek", "acme"), ("mini", "acme"), ("swift", "other")]) }
    #expect(try await second.router.complete(second.call()).value?.text == "Yes.")
    #expect(acme.requests.count == 1)
  }

  @Test("a refusal is an outcome, nobody is called and nothing else is recorded")
  func refusals() async throws {
    let provider = ScriptedProvider("acme", .answer(.sample()))
    let stage = try await RouterStage(provider)
    stage.ledger.decide { FakeLedger.refuse($0, "denied", "budget_exceeded") }
    guard case .denied(let denied) = try await stage.router.complete(stage.call("c1")) else {
      return #expect(Bool(false), "not denied")
    }
    #expect(denied.reasons == ["budget_exceeded"] && denied.retryAfter == .milliseconds(1500) && denied.position == 7)
    stage.ledger.decide { FakeLedger.refuse($0, "needs_approval", "approval_required") }
    guard case .needsApproval(let waiting) = try await stage.router.stream(stage.call("c2")) else {
      return #expect(Bool(false), "does not wait")
    }
    #expect(waiting.approval == "ap-1" && waiting.candidates.first?.fate == "approval_required")
    #expect(provider.requests.isEmpty && stage.ledger.taken.isEmpty)
  }

  @Test("without a decision nothing is called, and the refusal is recorded when the ledger is back")
  func noDecision() async throws {
    let provider = ScriptedProvider("acme", .answer(.sample()))
    let stage = try await RouterStage(provider) { $0.retry = RetryPolicy(attempts: 2, firstDelay: .milliseconds(2)) }
    let replies: [ServedReply] = [
      .answer(503, body: "{}"), .answer(200, body: "<html>"), .cut,
      .answer(200, body: #"{"id":"c1","outcome":"allowed","position":1}"#),
      .answer(200, body: #"{"id":"other","outcome":"denied","position":1}"#),
    ]
    for (number, reply) in replies.enumerated() {
      stage.ledger.decide { _ in reply }
      let error = await #expect(throws: RoutingError.self) {
        try await stage.router.complete(stage.call("c\(number)"))
      }
      #expect(error?.code == .noDecision && error?.cause is DaybookError)
    }
    // A request that is wrong is no outage.
    stage.ledger.decide { _ in .answer(422, body: "{}") }
    await #expect(throws: RoutingError.self) { try await stage.router.complete(stage.call("c9")) }
    #expect(provider.requests.isEmpty)
    let events = try await stage.recorded(replies.count)
    #expect(events.map(\.type) == Array(repeating: "route.denied", count: replies.count))
    #expect(events.map(\.id) == (0..<replies.count).map { "c\($0).denied" })
    #expect(events.allSatisfy { $0["rationale"]?.string == "no_decision" && !$0.data.contains("alice") })
  }

  @Test("a call that was decided before is not served twice, unless the answer was lost on its way to us")
  func duplicates() async throws {
    let provider = ScriptedProvider("acme", .answer(.sample()), .answer(.sample()))
    let stage = try await RouterStage(provider)
    stage.ledger.decide { FakeLedger.allow($0, duplicate: true) }
    let error = await #expect(throws: RoutingError.self) { try await stage.router.complete(stage.call()) }
    #expect(error?.code == .alreadyRouted && provider.requests.isEmpty)
    let asked = Counter()
    stage.ledger.decide { asked.next() == 0 ? .cut : FakeLedger.allow($0, duplicate: true) }
    #expect(try await stage.router.complete(stage.call("c2")).value != nil)
  }

  @Test("what a provider says freely does not keep an attempt from being recorded")
  func strangeTexts() async throws {
    var strange = AICompletion.sample()
    strange.model = "a model with spaces"
    strange.finishReason = "stöp"
    strange.responseID = "a\0b"
    let stage = try await RouterStage(ScriptedProvider("acme", .answer(strange)))
    let call = stage.call { $0.tags = ["": "x"] }
    let completion = try #require(try await stage.router.complete(call).value)
    #expect(completion.attempts[0].unrecorded == nil)
    let event = try #require(try await stage.recorded().first)
    #expect(event["model"]?.string == "deepseek" && event["tags"] == nil && event["finish_reason"] == nil)
    #expect(event["usage"] == .object(["input_tokens": .integer(19), "output_tokens": .integer(10)]))
  }

  @Test("a usage that contradicts itself is absent, and the record says why")
  func usageFault() async throws {
    var answer = AICompletion.sample()
    answer.usage = UsageReading(
      .object([
        "prompt_tokens": .integer(1), "completion_tokens": .integer(1),
        "prompt_tokens_details": .object(["cached_tokens": .integer(2)]),
      ]), as: .openRouter)
    let stage = try await RouterStage(ScriptedProvider("acme", .answer(answer)))
    _ = try await stage.router.complete(stage.call())
    let event = try #require(try await stage.recorded().first)
    #expect(event["usage_source"]?.string == "absent" && event["usage"] == .object([:]))
    #expect(event["tags"] == .object(["usage_fault": .text("cached_exceeds_prompt")]))
    #expect(event["raw_usage"]?["prompt_tokens"] == .integer(1))
  }

  @Test("where no allowed model has a provider here, the call is settled as never made")
  func noProvider() async throws {
    let stage = try await RouterStage(ScriptedProvider("other"))
    let error = await #expect(throws: RoutingError.self) { try await stage.router.complete(stage.call()) }
    #expect(error?.code == .noProvider)
    let event = try #require(try await stage.recorded().first)
    #expect(event["status"]?.string == "aborted" && event["error_code"]?.string == "no_provider")
    let fallback = ScriptedProvider("router", .answer(.sample()))
    let second = try await RouterStage(ScriptedProvider("other"), defaultProvider: fallback)
    #expect(try await second.router.complete(second.call()).value != nil)
    // The provider that was decided is recorded, whoever passes the request on.
    #expect(try await second.recorded().first?["provider"]?.string == "acme")
  }
}
