import Domain

/// A random history of completions, and what the book of daily spend must say of it at every point: counted here in whole
/// millionths of a dollar, without the ledger's arithmetic.
struct SpendHistory {
  struct Call {
    var keys: [String: String]
    var input: Int64
    var output: Int64
    var position: Int64 = 0
  }

  /// Every token costs a millionth of a dollar.
  static let prices = ["deepseek", "gemini_flash"].flatMap { model in
    ["input_tokens", "output_tokens"].map { Sample.price(model, $0, "1") }
  }

  private(set) var calls: [Call] = []
  private var generator: SeededGenerator

  init() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("spend history of seed \(seed)")
    generator = SeededGenerator(seed: seed)
  }

  /// The next events; say their positions with `recorded`.
  mutating func batch(_ count: Int) -> [JSON] {
    (0..<count).map { _ in
      let day = Int.random(in: 1...3, using: &generator)
      let call = Call(
        keys: [
          "day": "2026-01-0\(day)", "operation": ["chat", "Chat", "code"].randomElement(using: &generator) ?? "chat",
          "model": ["deepseek", "gemini_flash"].randomElement(using: &generator) ?? "deepseek",
          "provider": ["acme", "other"].randomElement(using: &generator) ?? "acme",
        ], input: .random(in: 0...100_000, using: &generator), output: .random(in: 1...9_000, using: &generator))
      calls.append(call)
      return Sample.completion(
        "call-\(calls.count)", model: call.keys["model"] ?? "", input: call.input, output: call.output,
        time: "2026-01-0\(day)T1\(Int.random(in: 0...9, using: &generator)):00:00Z",
        data: [
          "operation": call.keys["operation"].map { .text($0) }, "provider": call.keys["provider"].map { .text($0) },
        ])
    }
  }

  mutating func recorded(_ positions: [Int64]) {
    for (offset, position) in positions.enumerated() {
      calls[calls.count - positions.count + offset].position = position
    }
  }

  /// The book's rows as texts `key|key|calls|input|output|cost`, in no order.
  func rows(by keys: [String], upTo position: Int64 = .max) -> Set<String> {
    var sums: [[String]: (calls: Int64, input: Int64, output: Int64)] = [:]
    for call in calls where call.position <= position {
      var sum = sums[keys.map { call.keys[$0] ?? "" }] ?? (0, 0, 0)
      sum = (sum.calls + 1, sum.input + call.input, sum.output + call.output)
      sums[keys.map { call.keys[$0] ?? "" }] = sum
    }
    return Set(
      sums.map { key, sum in
        (key + ["\(sum.calls)", "\(sum.input)", "\(sum.output)", Self.dollars(sum.input + sum.output)])
          .joined(separator: "|")
      })
  }

  private static func dollars(_ millionths: Int64) -> String {
    var fraction = String("\(1_000_000 + millionths % 1_000_000)".dropFirst())
    while fraction.hasSuffix("0") { fraction.removeLast() }
    return "\(millionths / 1_000_000)" + (fraction.isEmpty ? "" : ".\(fraction)")
  }

  /// An answer's rows in the same form.
  static func rows(_ answer: Answer, by keys: [String]) -> Set<String> {
    Set(
      answer.rows.map { row in
        (keys + ["calls", "input_tokens", "output_tokens", "cost"]).map { name in
          row[name]?.string ?? row[name]?.integer.map(String.init) ?? "null"
        }.joined(separator: "|")
      })
  }
}
