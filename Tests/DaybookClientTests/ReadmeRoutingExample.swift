import DaybookClient
import Foundation
import Testing

/// The second program of the README, compiled here as it stands there; it runs where a Daybook does.
private func program() async throws {
  // README
  let daybook = try Daybook.fromEnvironment()
  let appender = try await BufferedAppender(daybook, .init(durability: .disk(folder: "/var/lib/gateway/spool")))
  let guardian = KillSwitchGuard(daybook)
  guardian.start()
  _ = await guardian.waitUntilKnown()
  let openRouter = try OpenRouterProvider(
    key: ProcessInfo.processInfo.environment["OPENROUTER_API_KEY"] ?? "",
    configuration: .init(models: ["deepseek": "deepseek/deepseek-chat", "gemini_flash": "google/gemini-2.5-flash"]))
  let router = ModelRouter(
    daybook, appender: appender, guardian: guardian, providers: [], defaultProvider: openRouter)

  switch try await router.complete([.user("Hello")], operation: "sentiment_analysis", user: "alice") {
  case .routed(let completion): print(completion.text, completion.attempts.map(\.model))
  case .denied(let decision): print("refused:", decision.reasons)
  case .needsApproval(let decision): print("waits for approval", decision.approval ?? "")
  case .stopped(let verdict): print("stopped:", verdict)
  }
  // end
}

@Suite struct ReadmeRoutingExample {
  @Test func theRoutingProgramOfTheReadmeIsTheOneThatIsCompiledHere() throws {
    let here = URL(fileURLWithPath: #filePath)
    let root = here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let readme = try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
    let source = try String(contentsOf: here, encoding: .utf8)
    let compiled = try #require(ReadmeExample.part(of: source, from: "  // README\n", to: "  // end"))
      .split(separator: "\n", omittingEmptySubsequences: false).map { $0.dropFirst(2) }.joined(separator: "\n")
    // Where the README shows a router, it is this one.
    guard readme.contains("ModelRouter(") else { return }
    #expect(readme.contains("```swift\n" + compiled + "```"))
  }
}
