import DaybookClient
import Foundation
import Testing

/// The program of the README, compiled here as it stands there; it runs where a Daybook does.
private func program() async throws {
  // README
  let daybook = try Daybook.fromEnvironment()  // DAYBOOK_URL, DAYBOOK_KEY, DAYBOOK_LEDGER
  let call = CompletionRecorded(
    operation: "chat_message", model: "deepseek", provider: "deepseek",
    usage: Usage(inputTokens: 1_155, outputTokens: 211), latencyMilliseconds: 1_840)
  let receipt = try await daybook.append(Event(call, subject: "call/42"))
  let spend = try await daybook.books("daily_spend", minPosition: receipt.position)
  print(receipt.position, spend.rows)
  // end
}

@Suite struct ReadmeExample {
  @Test func theProgramOfTheReadmeIsTheOneThatIsCompiledHere() throws {
    let here = URL(fileURLWithPath: #filePath)
    let root = here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let readme = try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
    let source = try String(contentsOf: here, encoding: .utf8)
    let compiled = try #require(Self.part(of: source, from: "  // README\n", to: "  // end"))
      .split(separator: "\n", omittingEmptySubsequences: false).map { $0.dropFirst(2) }.joined(separator: "\n")
    let shown = try #require(Self.part(of: readme, from: "```swift\nimport DaybookClient\n\n", to: "```"))
    #expect(shown == compiled)
  }

  static func part(of text: String, from start: String, to end: String) -> String? {
    guard let start = text.range(of: start), let end = text.range(of: end, range: start.upperBound..<text.endIndex)
    else { return nil }
    return String(text[start.upperBound..<end.lowerBound])
  }
}
