import Domain
import Testing

@testable import DaybookClient

/// What providers count, in our classes: no token twice, and nothing made up.
@Suite struct UsageTests {
  @Test("each provider's object becomes disjoint classes", arguments: UsageVector.openAI + UsageVector.others)
  func golden(_ vector: UsageVector) {
    let reading = UsageReading(parsing: Array(vector.text.utf8), as: vector.dialect)
    #expect(reading.usage == vector.usage)
    #expect(reading.source == .provider && reading.fault == nil)
    #expect(reading.raw != nil)
  }

  @Test("what contradicts itself is refused by name, and gives no usage", arguments: UsageContradiction.all)
  func contradictions(_ object: UsageContradiction) {
    let reading = UsageReading(parsing: Array(object.text.utf8), as: object.dialect)
    #expect(reading.fault == object.fault)
    #expect(reading.usage == Usage() && reading.source == .absent)
  }

  @Test("nothing told is absent and no fault", arguments: UsageDialect.allCases)
  func absent(_ dialect: UsageDialect) {
    for object in [nil, JSON.null, .object([:]), .object(["unheard_of": .integer(5)])] {
      let reading = UsageReading(object, as: dialect)
      #expect(reading.source == .absent && reading.fault == nil && reading.usage == Usage())
    }
    // Zero is told.
    let told = UsageReading(parsing: Array(#"{"input_tokens":0}"#.utf8), as: .anthropic)
    #expect(told.source == .provider && told.usage == Usage(inputTokens: 0))
  }

  @Test("cached tokens are billed once: 0.1849, not 0.7642")
  func geminiCacheHits() throws {
    // A request of 262,960 tokens, 257,955 of them cached, at 1.25, 0.625 (cached) and 10 a million (litellm#14849).
    let text =
      #"{"promptTokenCount":262960,"cachedContentTokenCount":257955,"candidatesTokenCount":1744,"#
      + #""totalTokenCount":264704}"#
    let usage = UsageReading(parsing: Array(text.utf8), as: .gemini).usage
    #expect(usage == Usage(inputTokens: 5005, cacheReadTokens: 257955, outputTokens: 1744))
    let cost = Self.cost(usage, input: "1.25", cacheRead: "0.625", cacheWrite: "0", output: "10")
    #expect(cost == "0.184918125")
    let chat =
      #"{"total_tokens":264704,"prompt_tokens":262960,"completion_tokens":1744,"prompt_tokens_details":"#
      + #"{"text_tokens":262960,"cached_tokens":257955},"completion_tokens_details":{"reasoning_tokens":0}}"#
    let same = UsageReading(parsing: Array(chat.utf8), as: .openAIChat).usage
    #expect(Self.cost(same, input: "1.25", cacheRead: "0.625", cacheWrite: "0", output: "10") == cost)
  }

  @Test("cache writes are billed once: 0.0544, not 0.0913")
  func anthropicCacheWrites() throws {
    // 12,304 tokens written to the cache at 3.75 a million, beside 3 of input at 3 (litellm#9812).
    let text =
      #"{"input_tokens":3,"cache_creation_input_tokens":12304,"cache_read_input_tokens":0,"output_tokens":550}"#
    let usage = UsageReading(parsing: Array(text.utf8), as: .anthropic).usage
    #expect(Self.cost(usage, input: "3", cacheRead: "0.3", cacheWrite: "3.75", output: "15") == "0.054399")
  }

  @Test("reasoning is billed once: 1,970 tokens of output, not 2,926")
  func reasoningInsideOutput() throws {
    let vector = try #require(UsageVector.openAI.first { $0.name.hasPrefix("responses, reasoning") })
    let usage = UsageReading(parsing: Array(vector.text.utf8), as: .openAIResponses).usage
    #expect(try #require(usage.outputTokens) + #require(usage.reasoningTokens) == 1970)
  }

  @Test(
    "OpenRouter's cost is read to the last digit of its text",
    arguments: [
      (#"{"cost":0.95}"#, "0.95"), (#"{"cost":1.4e-05}"#, "0.000014"), (#"{"cost":0}"#, "0"),
      (#"{"cost":0.00030000000000000003}"#, "0.0003"), (#"{"cost":12}"#, "12"), (#"{"cost":"0.0021"}"#, "0.0021"),
      (#"{"cost":2.5E-3,"is_byok":false,"cost_details":{"upstream_inference_cost":9}}"#, "0.0025"),
      // With a key of one's own OpenRouter bills its fee, and the provider the rest.
      (#"{"cost":0.95,"is_byok":true,"cost_details":{"upstream_inference_cost":19}}"#, "19.95"),
    ])
  func cost(text: String, expected: String) throws {
    let limits = JSONLimits(isForeign: true)
    let cost = UsageReading.openRouterCost(try JSON(parsing: Array(text.utf8), limits: limits))
    #expect(cost?.amount.description == expected && cost?.currency.code == "USD")
  }

  @Test(
    "a cost that is not told, or cannot be one, is unknown and not zero",
    arguments: [
      "{}", #"{"cost":null}"#, #"{"cost":-1}"#, #"{"cost":"free"}"#, #"{"cost":1e15}"#, #"{"cost":true}"#, "[]",
      #"{"cost":0,"is_byok":true}"#, #"{"cost":0,"is_byok":true,"cost_details":{"upstream_inference_cost":null}}"#,
    ])
  func unknownCost(text: String) throws {
    let limits = JSONLimits(isForeign: true)
    #expect(UsageReading.openRouterCost(try JSON(parsing: Array(text.utf8), limits: limits)) == nil)
  }

  @Test("the object is kept for the record only where an event can hold it")
  func raw() throws {
    let fits = UsageReading(parsing: Array(#"{"input_tokens":1,"cost":1.5e-07}"#.utf8), as: .anthropic)
    #expect(fits.raw == .object(["input_tokens": .integer(1), "cost": .text("1.5e-07")]))
    let long = String(repeating: "x", count: 9_000)
    for text in [
      #"{"input_tokens":1,"note":"\#(long)"}"#, #"{"input_tokens":1,"note":"a\u0000"}"#,
      #"{"input_tokens":1,"note":[[[[[[[[1]]]]]]]]}"#,
    ] {
      let reading = UsageReading(parsing: Array(text.utf8), as: .anthropic)
      #expect(reading.usage == Usage(inputTokens: 1) && reading.raw == nil)
    }
  }

  /// The cost at prices a million, by the ledger's own lines.
  private static func cost(
    _ usage: Usage, input: String, cacheRead: String, cacheWrite: String, output: String
  ) -> String? {
    let prices: [UsageClass: String] = [
      .inputTokens: input, .cacheReadTokens: cacheRead, .cacheWriteTokens: cacheWrite, .outputTokens: output,
    ]
    let told: [(usageClass: UsageClass, quantity: Int64)] = [
      (.inputTokens, usage.inputTokens), (.cacheReadTokens, usage.cacheReadTokens),
      (.cacheWriteTokens, usage.cacheWriteTokens), (.outputTokens, usage.outputTokens),
    ].compactMap { usageClass, quantity in quantity.map { (usageClass, $0) } }
    var sum = Amount.zero
    for (usageClass, quantity) in told {
      guard let price = prices[usageClass].flatMap({ Amount($0) }),
        let line = try? price.multiplied(by: quantity, per: 1_000_000, rounding: .halfEven),
        let next = try? sum.adding(line)
      else { return nil }
      sum = next
    }
    return sum.description
  }
}
