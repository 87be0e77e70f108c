import DaybookClient
import Domain

/// Makes events from a seed: completions of several models, teams and persons, and notes on few subjects that all writers
/// share, so that sequences are fought for.
struct EventSource {
  private var random: SplitMix
  private let prefix: String
  private var count = 0

  init(_ prefix: String, seed: UInt64) {
    self.prefix = prefix
    random = SplitMix(seed)
  }

  mutating func batch(_ sizes: ClosedRange<Int>) -> [Event] {
    (0..<Int.random(in: sizes, using: &random)).map { _ in next() }
  }

  mutating func next() -> Event {
    count += 1
    let id = "\(prefix)-\(count)"
    if Int.random(in: 0..<4, using: &random) == 0 {
      return Event(
        CustomEvent("x.note", data: .object(["n": .integer(Int64(count))])),
        subject: "note/\(Int.random(in: 0..<8, using: &random))", id: id)
    }
    let hours = Int64.random(in: 0...72, using: &random)
    return Event(
      completion(), subject: "call/\(id)", id: id, time: Timestamp.now().advanced(bySeconds: -3600 * hours))
  }

  private mutating func completion() -> CompletionRecorded {
    var completion = CompletionRecorded(
      operation: ["chat", "search", "agent"].randomElement(using: &random)!,
      model: ["priced", "other", "unknown"].randomElement(using: &random)!,
      provider: ["north", "south"].randomElement(using: &random)!,
      usage: Usage(
        inputTokens: .random(in: 0...9_999, using: &random), outputTokens: .random(in: 0...999, using: &random)),
      latencyMilliseconds: .random(in: 0...5_000, using: &random),
      status: Int.random(in: 0..<10, using: &random) == 0 ? .error : .ok,
      user: Bool.random(using: &random) ? "user-\(Int.random(in: 0..<20, using: &random))" : nil,
      team: ["red", "blue"].randomElement(using: &random))
    if completion.model == "unknown", Bool.random(using: &random), let currency = Currency("EUR") {
      completion.reportedCost = Money(Amount(units: .random(in: 0...999_999_999, using: &random)), currency)
    }
    return completion
  }
}

extension EventSource {
  /// The first of its events.
  var first: Event {
    var copy = self
    return copy.next()
  }
}
