import Synchronization
import TestKit

@testable import DaybookClient

/// A server that speaks OpenRouter's API on a real port, and misbehaves as a test says.
final class OpenRouterServer: Sendable {
  private let replies: Mutex<[ServedReply]>
  private let port = Mutex<LocalServer?>(nil)

  /// - Parameter replies: One for each request; the last one for all that follow.
  init(_ replies: ServedReply...) {
    self.replies = Mutex(replies)
    let server = LocalServer { [weak self] request in
      guard request.method == "POST", request.path == "/api/v1/chat/completions" else {
        return .answer(404, body: #"{"error":{"code":404,"message":"no such path"}}"#)
      }
      return self?.next() ?? .cut
    }
    port.withLock { $0 = server }
  }

  var server: LocalServer { port.withLock { $0! } }
  var requests: [ServedRequest] { server.requests }

  private func next() -> ServedReply { replies.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] } }

  static let key = "sk-or-v1-secret"

  func provider(_ change: (inout OpenRouterConfiguration) -> Void = { _ in }) throws -> OpenRouterProvider {
    var configuration = OpenRouterConfiguration(
      baseURL: server.url + "/api/v1/", models: ["deepseek": "deepseek/deepseek-chat"], timeout: .seconds(10),
      silence: .seconds(5),
      retry: RetryPolicy(attempts: 3, firstDelay: .milliseconds(2), longestDelay: .milliseconds(10)))
    change(&configuration)
    return try OpenRouterProvider(key: Self.key, configuration: configuration)
  }

  /// A whole answer.
  static func answer(
    _ text: String, model: String = "deepseek/deepseek-chat", cost: String = "0.00014",
    usage: String = #""prompt_tokens":19,"completion_tokens":10,"total_tokens":29"#
  ) -> ServedReply {
    .answer(
      200, headers: ["Content-Type": "application/json"],
      body: "\n         " + #"{"id":"gen-1","provider":"DeepSeek","model":"\#(model)","object":"chat.completion","#
        + #""choices":[{"logprobs":null,"finish_reason":"stop","native_finish_reason":"stop","index":0,"#
        + #""message":{"role":"assistant","content":"\#(text)","refusal":null}}],"usage":{\#(usage),"cost":\#(cost)}}"#
    )
  }

  static func problem(_ status: Int, _ message: String = "no", headers: [String: String] = [:]) -> ServedReply {
    .answer(status, headers: headers, body: #"{"error":{"code":\#(status),"message":"\#(message)"}}"#)
  }

  /// A chunk that says something.
  static func delta(_ text: String, finish: String? = nil) -> String {
    let reason = finish.map { "\"\($0)\"" } ?? "null"
    return
      #"data: {"id":"gen-2","model":"deepseek/deepseek-chat","object":"chat.completion.chunk","choices":[{"index":0,"#
      + #""delta":{"role":"assistant","content":"\#(text)"},"finish_reason":\#(reason)}]}"# + "\n\n"
  }

  /// The chunk that tells what was used.
  static let usage =
    #"data: {"id":"gen-2","model":"deepseek/deepseek-chat","object":"chat.completion.chunk","choices":[],"#
    + #""usage":{"prompt_tokens":19,"completion_tokens":10,"total_tokens":29,"cost":1.4e-05}}"# + "\n\n"

  /// A stream of these pieces.
  static func stream(_ pieces: [String]) -> ServedReply {
    .stream { stream in
      for piece in pieces { guard stream.write(piece) else { return } }
      stream.end()
    }
  }
}

extension AIRequest {
  static let hello = AIRequest(model: "deepseek", messages: [.system("Be brief."), .user("Hello")])
}
