import Domain
import TestKit
import Testing

@testable import DaybookClient

/// The provider against a real server that speaks the API, faults included.
@Suite(.timeLimit(.minutes(5)))
struct OpenRouterTests {
  @Test("a request says what was asked, and the answer is read whole and exactly")
  func complete() async throws {
    let server = OpenRouterServer(OpenRouterServer.answer("Hi.", cost: "1.4e-05"))
    let provider = try server.provider {
      $0.title = "tests"
      $0.referer = "https://example.org"
    }
    var request = AIRequest.hello
    request.parameters = AIParameters(
      maximumOutputTokens: 64, temperature: Amount("0.7"), stop: ["END"], seed: 7,
      further: ["tool_choice": .text("none")])
    request.alternatives = ["gemini_flash"]
    let answer = try await provider.complete(request)
    #expect(answer.text == "Hi." && answer.finishReason == "stop" && answer.responseID == "gen-1")
    #expect(answer.model == "deepseek")
    #expect(answer.usage.usage == Usage(inputTokens: 19, outputTokens: 10))
    #expect(answer.reportedCost?.description == "0.000014 USD")
    let sent = try #require(server.requests.first)
    #expect(sent.headers["authorization"] == "Bearer \(OpenRouterServer.key)")
    #expect(sent.headers["x-title"] == "tests" && sent.headers["http-referer"] == "https://example.org")
    let body = try JSON(parsing: sent.body, limits: JSONLimits(isForeign: true))
    #expect(
      body
        == .object([
          "model": .text("deepseek/deepseek-chat"),
          "models": .array([.text("deepseek/deepseek-chat"), .text("gemini_flash")]),
          "messages": .array([
            .object(["role": .text("system"), "content": .text("Be brief.")]),
            .object(["role": .text("user"), "content": .text("Hello")]),
          ]), "max_tokens": .integer(64), "stop": .array([.text("END")]), "seed": .integer(7),
          "tool_choice": .text("none"), "usage": .object(["include": .boolean(true)]), "temperature": .text("0.7"),
        ]))
  }

  @Test("what was surely not served is asked again", arguments: [429, 500, 502, 503])
  func retries(status: Int) async throws {
    let server = OpenRouterServer(
      OpenRouterServer.problem(status, headers: ["Retry-After": "0"]), OpenRouterServer.problem(status),
      OpenRouterServer.answer("At last."))
    #expect(try await server.provider().complete(.hello).text == "At last.")
    #expect(server.requests.count == 3)
  }

  @Test("nothing is asked again that may not be any more")
  func stopped() async throws {
    let server = OpenRouterServer(OpenRouterServer.problem(503))
    var request = AIRequest.hello
    request.mayRepeat = { false }
    await #expect(throws: AIProviderError.self) { try await server.provider().complete(request) }
    #expect(server.requests.count == 1)
  }

  @Test("nobody waits longer than the bound for Retry-After")
  func retryAfter() async throws {
    let server = OpenRouterServer(OpenRouterServer.problem(429, headers: ["Retry-After": "60"]))
    let error = await #expect(throws: AIProviderError.self) { try await server.provider().complete(.hello) }
    #expect(error?.code == .rateLimited && error?.retryAfter == .seconds(60) && error?.remedy == .otherModel)
    #expect(server.requests.count == 1)
  }

  @Test(
    "what is refused for a reason is not repeated, and says where a fallback may help",
    arguments: [
      (400, AIProviderError.Code.invalidRequest, AIProviderError.Remedy.none),
      (401, .unauthorised, .otherProvider), (402, .paymentRequired, .otherProvider),
      (403, .forbidden, .otherModel), (404, .modelNotFound, .otherModel), (413, .invalidRequest, .none),
    ])
  func refusals(status: Int, code: AIProviderError.Code, remedy: AIProviderError.Remedy) async throws {
    let server = OpenRouterServer(OpenRouterServer.problem(status))
    let error = await #expect(throws: AIProviderError.self) { try await server.provider().complete(.hello) }
    #expect(error?.code == code && error?.status == status && error?.remedy == remedy && error?.isUnserved == true)
    #expect(server.requests.count == 1)
  }

  @Test("what may have been served and billed is not repeated")
  func lostAnswers() async throws {
    let half = ServedReply.raw("HTTP/1.1 200 X\r\nContent-Length: 500\r\n\r\n{\"id\":\"gen-1\",\"choices\":[")
    let cases: [(ServedReply, AIProviderError.Code)] = [
      (.cut, .connection), (half, .connection), (OpenRouterServer.problem(504), .timeout),
      (.answer(200, body: "<html>"), .malformedAnswer), (.answer(200, body: "{}"), .malformedAnswer),
      (.answer(200, body: "[1,"), .malformedAnswer), (.answer(200, body: ""), .malformedAnswer),
      (.answer(200, body: #"{"error":{"code":502,"message":"upstream"},"choices":[]}"#), .modelFailed),
      (.answer(200, body: #"{"choices":[{"error":{"code":500,"message":"x"},"message":{}}]}"#), .modelFailed),
      (.late(6000, OpenRouterServer.answer("late")), .timeout),
    ]
    for (reply, code) in cases {
      let server = OpenRouterServer(reply)
      let error = await #expect(throws: AIProviderError.self) {
        try await server.provider { $0.timeout = .seconds(3) }.complete(.hello)
      }
      #expect(error?.code == code, "\(reply)")
      #expect(error?.isUnserved == false && error?.remedy == .otherModel, "\(reply)")
      #expect(server.requests.count == 1, "\(reply)")
    }
  }

  @Test("a server that is not there has served nothing")
  func nobodyThere() async throws {
    let server = OpenRouterServer(.cut)
    let provider = try server.provider()
    server.server.stop()
    let error = await #expect(throws: AIProviderError.self) { try await provider.complete(.hello) }
    #expect(error?.code == .connection && error?.isUnserved == true)
  }

  @Test("an answer beyond the bound is cut off")
  func tooLarge() async throws {
    let server = OpenRouterServer(OpenRouterServer.answer(String(repeating: "x", count: 5000)))
    let error = await #expect(throws: AIProviderError.self) {
      try await server.provider { $0.answerBytes = 2000 }.complete(.hello)
    }
    #expect(error?.code == .answerTooLarge && server.requests.count == 1)
  }

  @Test("the key is in no error and no description, whatever the server repeats")
  func secrecy() async throws {
    let server = OpenRouterServer(OpenRouterServer.problem(401, "bad key \(OpenRouterServer.key)!"))
    let provider = try server.provider()
    let error = await #expect(throws: AIProviderError.self) { try await provider.complete(.hello) }
    var dumped = ""
    dump(provider, to: &dumped)
    dump(error, to: &dumped)
    let texts = [dumped, "\(provider)", "\(error!)", error!.debugDescription, String(reflecting: provider)]
    #expect(texts.allSatisfy { !$0.contains(OpenRouterServer.key) })
    #expect(error?.detail == "bad key …!")
    #expect("\(error!)".contains("bad key") == false)
    #expect(throws: AIProviderError.self) {
      try OpenRouterProvider(key: "k", configuration: .init(baseURL: "http://example.org/v1"))
    }
  }

  @Test(
    "the model that served is told by the ledger's name where it is the one that was asked",
    arguments: [
      ("deepseek/deepseek-chat", "deepseek"), ("deepseek/deepseek-chat-2026-01-31", "deepseek"),
      ("deepseek/deepseek-chat-0324", "deepseek"), ("deepseek/deepseek-chat-v3", "deepseek/deepseek-chat-v3"),
      ("deepseek/deepseek-chat:free", "deepseek/deepseek-chat:free"), ("google/gemini-flash", "gemini_flash"),
      ("openai/gpt-9", "openai/gpt-9"),
    ])
  func served(id: String, name: String) async throws {
    let names = OpenRouterNames(["deepseek": "deepseek/deepseek-chat", "gemini_flash": "google/gemini-flash"])
    #expect(names.served(id, asked: .hello) == name)
  }
}
