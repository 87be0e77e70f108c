import Domain
import TestKit
import Testing

@testable import DaybookClient

/// However a call ends, it is settled.
@Suite(.timeLimit(.minutes(5)))
struct RouterCancellationTests {
  @Test("a caller that is cancelled leaves at once, and the attempt is recorded")
  func whileServed() async throws {
    let provider = ScriptedProvider("acme", .hang)
    let stage = try await RouterStage(provider)
    let call = stage.call()
    let calling = Task { try await stage.router.complete(call) }
    while provider.requests.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
    calling.cancel()
    await #expect(throws: CancellationError.self) { try await calling.value }
    let event = try #require(try await stage.recorded().first)
    #expect(event.id == "c1.1" && event["status"]?.string == "aborted")
    // Nobody knows what the provider bills for it: not zero.
    #expect(event["usage_source"]?.string == "absent" && event["usage"] == .object([:]))
  }

  @Test("a caller that is cancelled while the ledger decides is settled when it has")
  func whileDecided() async throws {
    let provider = ScriptedProvider("acme", .answer(.sample()))
    let stage = try await RouterStage(provider)
    stage.ledger.decide { .late(300, FakeLedger.allow($0)) }
    let call = stage.call()
    let calling = Task { try await stage.router.complete(call) }
    while stage.ledger.decisions.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
    calling.cancel()
    await #expect(throws: CancellationError.self) { try await calling.value }
    let event = try #require(try await stage.recorded().first)
    #expect(event["status"]?.string == "aborted" && event["error_code"]?.string == "cancelled")
    #expect(event["usage"] == .object(["input_tokens": .integer(0), "output_tokens": .integer(0)]))
    #expect(provider.requests.isEmpty)
  }

  @Test("a stream gives the chunks, and the whole answer with its attempts at the end")
  func stream() async throws {
    let chunks = [
      AIChunk(model: "deepseek", responseID: "gen-2"), AIChunk(text: "Hel"), AIChunk(text: "lo"),
      AIChunk(finishReason: "stop"),
      AIChunk(usage: AICompletion.sample().usage, reportedCost: AICompletion.sample().reportedCost),
    ]
    let stage = try await RouterStage(ScriptedProvider("acme", .chunks(chunks, ending: .well)))
    let stream = try #require(try await stage.router.stream(stage.call()).value)
    var text = ""
    for try await chunk in stream { text += chunk.text ?? "" }
    #expect(text == "Hello")
    let completion = try await stream.completion
    #expect(completion.text == "Hello" && completion.attempts[0].timeToFirstTokenMilliseconds != nil)
    let event = try #require(try await stage.recorded().first)
    #expect(event["status"]?.string == "ok" && event["usage_source"]?.string == "provider")
    #expect(event["time_to_first_token_ms"]?.integer != nil && event["finish_reason"]?.string == "stop")
    #expect(event["reported_cost"]?["amount"]?.string == "0.00014" && event["response_id"]?.string == "gen-2")
  }

  @Test("a stream that is let go of is recorded with an estimate of what came")
  func letGo() async throws {
    let chunks = [AIChunk(text: "Hello, "), AIChunk(reasoning: "hm")]
    for way in 0..<3 {
      let stage = try await RouterStage(ScriptedProvider("acme", .chunks(chunks, ending: .never)))
      let call = stage.call()
      switch way {
      case 0:
        // Broken off, and gone with its scope.
        let outcome = try await stage.router.stream(call)
        if case .routed(let stream) = outcome { for try await chunk in stream where chunk.reasoning != nil { break } }
      case 1:
        let stream = try #require(try await stage.router.stream(call).value)
        await #expect(throws: CancellationError.self) {
          for try await chunk in stream where chunk.reasoning != nil { stream.cancel() }
        }
      default:
        let reading = Task {
          guard let stream = try await stage.router.stream(call).value else { return }
          for try await chunk in stream where chunk.reasoning != nil { withUnsafeCurrentTask { $0?.cancel() } }
        }
        _ = await reading.result
      }
      let event = try #require(try await stage.recorded().first)
      #expect(event["status"]?.string == "aborted", "\(way)")
      #expect(event["usage_source"]?.string == "estimated")
      // Eleven characters in, nine out.
      #expect(event["usage"] == .object(["input_tokens": .integer(3), "output_tokens": .integer(3)]))
    }
  }

  @Test("a stream that is cut falls back as long as nothing came, and never afterwards")
  func cut() async throws {
    let cut = AIProviderError(.cut, "cut", isUnserved: false)
    let before = ScriptedProvider(
      "acme", .chunks([AIChunk(model: "deepseek")], ending: .badly(cut)),
      .chunks([AIChunk(text: "Yes")], ending: .well))
    let stage = try await RouterStage(before)
    stage.ledger.decide { FakeLedger.allow($0, [("deepseek", "acme"), ("mini", "acme")]) }
    let stream = try #require(try await stage.router.stream(stage.call()).value)
    var models: [String?] = []
    for try await chunk in stream { models.append(chunk.model) }
    // Nothing of the attempt that failed was shown.
    #expect(models == [nil])
    #expect(try await stage.recorded(2).map { $0["status"]?.string } == ["absorbed", "ok"])

    let partial = UsageReading(usage: Usage(inputTokens: 9, outputTokens: 2), source: .provider)
    for (chunks, source) in [
      ([AIChunk(text: "Yes")], "estimated"), ([AIChunk(text: "Yes"), AIChunk(usage: partial)], "partial"),
    ] {
      let after = ScriptedProvider("acme", .chunks(chunks, ending: .badly(cut)), .answer(.sample()))
      let stage = try await RouterStage(after)
      stage.ledger.decide { FakeLedger.allow($0, [("deepseek", "acme"), ("mini", "acme")]) }
      let stream = try #require(try await stage.router.stream(stage.call()).value)
      let error = await #expect(throws: RoutingError.self) { for try await _ in stream {} }
      #expect(error?.code == .failed && after.requests.count == 1)
      let event = try #require(try await stage.recorded().first)
      #expect(event["status"]?.string == "error" && event["error_code"]?.string == "cut")
      #expect(event["usage_source"]?.string == source)
    }
  }

  @Test("a spool that is full or closed does not lose a record: it goes straight to the ledger")
  func noSpool() async throws {
    let stage = try await RouterStage(ScriptedProvider("acme", .answer(.sample())))
    try await stage.appender.close()
    let completion = try #require(try await stage.router.complete(stage.call()).value)
    #expect(completion.attempts[0].unrecorded == nil && stage.ledger.taken.count == 1)
  }

  @Test("a record that nobody takes is told, and the caller still has its answer")
  func unrecorded() async throws {
    let told = Counter()
    let stage = try await RouterStage(ScriptedProvider("acme", .answer(.sample())))
    let daybook = try stage.ledger.client { $0.retry = .never }
    let router = ModelRouter(
      daybook, appender: stage.appender, guardian: stage.guardian,
      providers: [ScriptedProvider("acme", .answer(.sample()))], onUnrecorded: { _, _ in told.next() })
    try await stage.appender.close()
    stage.ledger.fail(with: [.unavailable])
    let completion = try #require(try await router.complete(stage.call()).value)
    #expect(completion.text == "Hi." && completion.attempts[0].unrecorded?.code == .unavailable)
    #expect(told.value == 1)
  }
}
