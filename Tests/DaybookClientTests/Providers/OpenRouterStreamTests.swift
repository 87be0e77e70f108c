import Domain
import TestKit
import Testing

@testable import DaybookClient

/// Streams of the provider: server-sent events, faults in the middle, and their end.
@Suite(.timeLimit(.minutes(5)))
struct OpenRouterStreamTests {
  private static let whole = [
    ": OPENROUTER PROCESSING\n\n", OpenRouterServer.delta(""), OpenRouterServer.delta("Hel"),
    OpenRouterServer.delta("lo"), ": OPENROUTER PROCESSING\n\n", OpenRouterServer.delta("", finish: "stop"),
    OpenRouterServer.usage, "data: [DONE]\n\n",
  ]

  @Test("chunks come with the text, and the last one with the usage and the cost")
  func stream() async throws {
    let server = OpenRouterServer(OpenRouterServer.stream(Self.whole))
    var text = ""
    var last = AIChunk()
    for try await chunk in try await server.provider().stream(.hello) {
      text += chunk.text ?? ""
      last = chunk
    }
    #expect(text == "Hello")
    #expect(last.usage?.usage == Usage(inputTokens: 19, outputTokens: 10))
    #expect(last.reportedCost?.amount.description == "0.000014" && last.model == "deepseek")
    let body = try JSON(parsing: try #require(server.requests.first).body)
    #expect(body["stream"] == .boolean(true))
  }

  @Test("an end that was told without its last line is an end; one that was not is a cut")
  func ends() async throws {
    let told = OpenRouterServer(OpenRouterServer.stream(Array(Self.whole.dropLast())))
    #expect(try await Self.texts(told) == ["Hel", "lo"])
    for count in 0..<5 {
      let cut = OpenRouterServer(OpenRouterServer.stream(Array(Self.whole.prefix(count))))
      let error = await #expect(throws: AIProviderError.self) { try await Self.texts(cut) }
      #expect(error?.code == .cut && error?.isUnserved == false && error?.remedy == .otherModel)
      #expect(cut.requests.count == 1)
    }
  }

  @Test("faults in the middle are told apart")
  func faults() async throws {
    let cases: [(ServedReply, AIProviderError.Code)] = [
      (OpenRouterServer.stream([OpenRouterServer.delta("a"), "data: {\"choices\":[\n\n"]), .malformedAnswer),
      (
        OpenRouterServer.stream([
          OpenRouterServer.delta("a"),
          "data: {\"error\":{\"code\":502,\"message\":\"gone\"},\"choices\":[{\"delta\":{\"content\":\"\"},"
            + "\"finish_reason\":\"error\"}]}\n\n",
        ]), .modelFailed
      ),
      (.raw("HTTP/1.1 200 X\r\nContent-Type: text/event-stream\r\nContent-Length: 900\r\n\r\ndata: {}\n\n"), .cut),
      (.answer(200, body: #"{"error":{"code":429,"message":"slow"}}"#), .rateLimited),
      (.answer(200, body: #"{"choices":[]}"#), .malformedAnswer),
      (
        OpenRouterServer.stream([": x\n\n", "data: \(String(repeating: "y", count: 2 << 20))\n\n"]), .malformedAnswer
      ),
      (
        OpenRouterServer.stream((0..<40).map { _ in OpenRouterServer.delta(String(repeating: "z", count: 1000)) }),
        .answerTooLarge
      ),
    ]
    for (reply, code) in cases {
      let server = OpenRouterServer(reply)
      let bound = code == .answerTooLarge ? 20_000 : 16 << 20
      let error = await #expect(throws: AIProviderError.self) {
        try await Self.texts(server) { $0.answerBytes = bound }
      }
      #expect(error?.code == code && error?.isUnserved == false, "\(error as Any)")
      #expect(server.requests.count == 1)
    }
  }

  @Test("what is refused before it begins is asked again, as for a whole answer")
  func retries() async throws {
    let server = OpenRouterServer(OpenRouterServer.problem(503), OpenRouterServer.stream(Self.whole))
    #expect(try await Self.texts(server) == ["Hel", "lo"])
    #expect(server.requests.count == 2)
  }

  @Test("silence in the middle ends the stream")
  func silence() async throws {
    let server = OpenRouterServer(
      .stream { stream in
        stream.write(OpenRouterServer.delta("a"))
        while stream.isOpen {}
      })
    let error = await #expect(throws: AIProviderError.self) {
      try await Self.texts(server) { $0.silence = .milliseconds(300) }
    }
    #expect(error?.code == .timeout && error?.isUnserved == false)
  }

  @Test("whoever lets go of a stream ends the request")
  func letGo() async throws {
    let ended = Counter()
    let server = OpenRouterServer(
      .stream { stream in
        stream.write(OpenRouterServer.delta("a"))
        while stream.isOpen {}
        ended.next()
      })
    let provider = try server.provider()
    let reading = Task { for try await _ in try await provider.stream(.hello) { return } }
    try await reading.value
    while ended.value == 0 { try await Task.sleep(for: .milliseconds(5)) }
    let cancelled = Task { for try await _ in try await provider.stream(.hello) {} }
    while server.requests.count < 2 { try await Task.sleep(for: .milliseconds(5)) }
    cancelled.cancel()
    _ = await cancelled.result
    while ended.value < 2 { try await Task.sleep(for: .milliseconds(5)) }
  }

  private static func texts(
    _ server: OpenRouterServer, _ change: (inout OpenRouterConfiguration) -> Void = { _ in }
  ) async throws -> [String] {
    var texts: [String] = []
    for try await chunk in try await server.provider(change).stream(.hello) {
      if let text = chunk.text { texts.append(text) }
    }
    return texts
  }
}
