import DaybookClient
import Domain

/// The two events of each request of the demo's trace, the same every time.
enum DemoEvents {
  static let source = "/demo/azure-llm-2023"
  private static let model = "deepseek"
  private static let provider = "deepseek"
  private static let seed: UInt64 = 2023

  /// The decision, made outside, and the completion that followed, on one subject.
  static func events(_ request: DemoTrace.Request, of file: DemoTrace.File) -> [Event] {
    let number = String(request.row)
    let call = "azure-\(file.name)-" + String(repeating: "0", count: max(0, 6 - number.count)) + number
    let completion = CompletionRecorded(
      operation: file.operation, model: model, provider: provider,
      usage: Usage(inputTokens: request.inputTokens, outputTokens: request.outputTokens),
      latencyMilliseconds: latency(request))
    return [
      Event(
        RouteDecided(operation: file.operation, model: model, provider: provider), subject: CallSubject.of(call),
        id: "\(call).route", source: source, time: request.time),
      Event(
        completion, subject: CallSubject.of(call), id: "\(call).completion", source: source, time: request.time,
        causationID: "\(call).route"),
    ]
  }

  /// Made up, as the trace has none: 200 ms, 18 ms an output token, and up to 399 ms of noise (SplitMix64 of the row).
  static func latency(_ request: DemoTrace.Request) -> Int64 {
    var z = (seed &+ UInt64(request.row)) &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return 200 + request.outputTokens * 18 + Int64((z ^ (z >> 31)) % 400)
  }
}
