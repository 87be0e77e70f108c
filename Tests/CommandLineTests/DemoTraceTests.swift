import DaybookClient
import Domain
import Foundation
import Testing

@testable import daybook

@Suite struct DemoTraceTests {
  private func trace() throws -> DemoTrace {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "tools/demo/azure-llm-2023").path
    let request = try ArgumentParser(commands: CommandTable.all).parse(
      ["up", "--demo", "--demo-data", folder], environment: [:])
    guard case .run(let invocation) = request else { throw CheckFailure("not run") }
    return try DemoTrace(invocation)
  }

  @Test func theShippedTraceHasTheSumsThatItsReadmeStates() throws {
    let files = try trace().files
    #expect(files.map(\.operation) == ["chat_message", "agent_execution"])
    #expect(files.map(\.requests.count) == [19_366, 8_819])
    #expect(files.map { $0.requests.reduce(0) { $0 + $1.inputTokens } } == [22_361_870, 18_059_974])
    #expect(files.map { $0.requests.reduce(0) { $0 + $1.outputTokens } } == [4_088_665, 245_896])
    let first = try #require(files.first?.requests.first)
    #expect(first.time == Timestamp(rfc3339: "2023-11-16T18:15:46.680590Z"))
  }

  @Test func everyRequestIsTwoEventsOnASubjectOfItsOwn() throws {
    let trace = try trace()
    var batches = DemoBatches(trace, size: 500)
    var ids: Set<String> = []
    var subjects: Set<String> = []
    var events = 0
    while let batch = batches.next() {
      #expect(batch.count <= 500)
      for event in batch {
        ids.insert(event.id)
        subjects.insert(event.subject)
      }
      events += batch.count
    }
    #expect(events == 56_370)
    #expect(Int64(events) == trace.events)
    #expect(ids.count == 56_370)
    #expect(subjects.count == 28_185)
    #expect(subjects.contains("call/azure-conv-000001"))
    #expect(subjects.contains("call/azure-code-008819"))
  }

  @Test func latenciesFollowTheStatedRule() {
    let request = DemoTrace.Request(row: 1, time: Timestamp(microseconds: 0), inputTokens: 10, outputTokens: 44)
    let noise = DemoEvents.latency(request) - 200 - 44 * 18
    #expect((0..<400).contains(noise))
    #expect(DemoEvents.latency(request) == DemoEvents.latency(request))
  }

  @Test(arguments: [
    "", "TIMESTAMP,ContextTokens\n", "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46,1,2",
    "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.6805900,-1,2",
    "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.6805900,1,2,3",
  ])
  func anotherFileIsNotTakenForTheTrace(text: String) {
    #expect(DemoTrace.parse(Array(text.utf8)) == nil)
  }

  @Test func onlyPricesThatAreMissingAreListed() {
    #expect(DemoPrices.missing(from: []).count == 6)
    #expect(DemoPrices.missing(from: DemoPrices.all).isEmpty)
    #expect(DemoPrices.missing(from: [DemoPrices.all[0]]).count == 5)
  }
}
