import Crypto
import Domain
import Testing

/// The public table, read: every price exact, nothing guessed, everything unreadable told.
@Suite struct PriceTableTests {
  /// What `tools/prices/recompute.py --digest` prints: a second reading, with Python's decimals.
  static let recomputed = [
    ("2025-06-09", 2_430, "4902ad4c990cf30fa647a7e36a6bbb371b81250fdd1ac1a2ff33feec85668e2a"),
    ("2025-06-12", 2_492, "35f0d912e5e3404362e3cb3a90a5fbfd1c16c51c7c1bcaa7624c122a4c27c85c"),
    ("2026-01-12", 5_679, "91eba564de4a17eb56ec898082dba8ca7fdad2390cc5d73680b607f8d9d17412"),
    ("2026-01-14", 5_708, "5e43539ba81b1ff17133d1c662c592d6efc6a19ea450b4569b19237c6750a340"),
    ("2026-07-24", 7_885, "5dd5b489ee859a5401be56d4475cdf0c4ec70217ff19894296a3cf86c030b3d5"),
  ]

  @Test("every price of every snapshot is exact, to the last digit of the file's text", arguments: recomputed)
  func exact(day: String, count: Int, digest: String) throws {
    let table = try LiteLLMSnapshots.table(day)
    #expect(table.faults.isEmpty, "\(table.faults.prefix(3))")
    #expect(table.rows.count == count)
    let lines = table.rows.map { row in
      let price = row.price
      return [
        price.model, price.provider ?? "", price.usageClass, price.serviceTier.rawValue, String(price.contextAbove),
        Self.plain(price),
      ].joined(separator: "\t")
    }
    let text = lines.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }.map { $0 + "\n" }.joined()
    #expect(Hex.string(SHA256Digest.hash(Array(text.utf8))) == digest)
  }

  /// The price of one unit as a plain decimal: the digits, and the point moved.
  private static func plain(_ price: Price) -> String {
    let zeros = String(price.per).drop { $0 == "1" }.count
    precondition(price.per == Int64("1" + String(repeating: "0", count: zeros)), "a table lists for powers of ten")
    var digits = String(price.price.amount.units)
    let places = 12 + zeros
    if digits.count <= places { digits = String(repeating: "0", count: places - digits.count + 1) + digits }
    var fraction = String(digits.suffix(places))
    while fraction.last == "0" { fraction.removeLast() }
    return String(digits.dropLast(places)) + (fraction.isEmpty ? "" : "." + fraction)
  }

  private func read(_ text: String) throws -> PriceTable {
    LiteLLMTable.read(
      try LiteLLMTable.scan(Array(text.utf8)), validFrom: Timestamp(rfc3339: "2026-01-01T00:00:00Z")!,
      currency: Currency("USD")!)
  }

  private func prices(_ members: String, mode: String = "chat") throws -> [String] {
    try read(#"{"m":{"litellm_provider":"p","mode":"\#(mode)",\#(members)}}"#).rows.map { row in
      let price = row.price
      let tier = price.serviceTier == .standard ? "" : " \(price.serviceTier)"
      let above = price.contextAbove == 0 ? "" : " >\(price.contextAbove)"
      return "\(price.usageClass)\(tier)\(above) \(price.price.amount)/\(price.per)"
    }
  }

  @Test(
    "a field's name says the class, the kind of service and the context tier",
    arguments: [
      (#""input_cost_per_token":1.5e-07"#, ["input_tokens 0.15/1000000"]),
      (#""input_cost_per_token":0.00269"#, ["input_tokens 2690/1000000"]),
      (#""output_cost_per_token":0"#, ["output_tokens 0/1000000"]),
      (#""output_cost_per_token":0.0"#, ["output_tokens 0/1000000"]),
      (#""input_cost_per_token_batches":1e-6"#, ["input_tokens batch 1/1000000"]),
      (#""cache_read_input_token_cost_flex":1e-6"#, ["cache_read_tokens flex 1/1000000"]),
      (#""cache_creation_input_token_cost_above_1hr":1E-6"#, ["cache_write_1h_tokens 1/1000000"]),
      (
        #""cache_creation_input_token_cost_above_1hr_above_200k_tokens":1e-6"#,
        ["cache_write_1h_tokens >200000 1/1000000"]
      ),
      (
        #""output_cost_per_token_above_272k_tokens_priority":9e-5"#, ["output_tokens priority >272000 90/1000000"]
      ),
      (#""input_cost_per_request":0.005"#, ["requests 0.005/1"]),
      // More digits than a million tokens can hold: for a thousand or a million times as many.
      (#""input_cost_per_token":1.5000999999999998E-7"#, ["input_tokens 150009.99999999998/1000000000000"]),
    ])
  func fields(members: String, expected: [String]) throws { #expect(try prices(members) == expected) }

  @Test("a second is one of audio only where audio is what is billed")
  func seconds() throws {
    let both = #""input_cost_per_second":0.0001,"output_cost_per_second":0.0"#
    #expect(try prices(both, mode: "audio_transcription") == ["audio_ms 0.0001/1000"])
    #expect(try prices(both, mode: "chat").isEmpty)
    #expect(try prices(#""output_cost_per_second":0.5"#, mode: "video_generation").isEmpty)
    let third = #""input_cost_per_second":0.0002833333333333333"#
    #expect(try prices(third, mode: "realtime") == ["audio_ms 283333.3333333333/1000000000000"])
  }

  @Test("of two directions that a class does not tell apart, the paid one counts, and of two paid ones none")
  func directions() throws {
    #expect(try prices(#""input_cost_per_image":0.0,"output_cost_per_image":0.008"#) == ["images 0.008/1"])
    #expect(try prices(#""input_cost_per_character":0,"output_cost_per_character":0"#) == ["characters 0/1"])
    let table = try read(
      #"{"m":{"litellm_provider":"p","input_cost_per_image_token":1e-5,"output_cost_per_image_token":4e-5}}"#)
    #expect(table.rows.isEmpty)
    #expect(table.omitted == ["image_tokens: another price in than out": 1])
  }

  @Test("tiers of tokens become context tiers; tiers of anything else are left out")
  func tiers() throws {
    #expect(
      try prices(
        #"""
        "tiered_pricing":[{"range":[0,32000.0],"input_cost_per_token":1e-6},
        {"range":[32000.0,128000.0],"input_cost_per_token":2e-6,"output_cost_per_token":3e-6}]
        """#) == [
          "input_tokens 1/1000000", "input_tokens >32000 2/1000000", "output_tokens >32000 3/1000000",
        ])
    let search = try read(
      #"{"m":{"litellm_provider":"p","tiered_pricing":[{"input_cost_per_query":0.1,"max_results_range":[0,9]}]}}"#)
    #expect(search.rows.isEmpty)
    #expect(search.omitted == ["tiered_pricing": 1])
  }

  @Test("what cannot be read is told with its line and pointer, and spoils nothing else")
  func faults() throws {
    let table = try read(
      #"""
      {
        "sample_spec": {"input_cost_per_token": "a text"},
        "last_updated": "2026-01-01T00:00:00Z",
        "a/b": {"litellm_provider": "p", "input_cost_per_token": "1e-6", "output_cost_per_token": 1e-6},
        "c": {"litellm_provider": "p", "input_cost_per_token": -1e-6},
        "d": {"input_cost_per_token": 1e-6},
        "e": 7,
        "two words": {"litellm_provider": "p"},
        "f": {"litellm_provider": "p", "cache_read_input_token_cost": 1e-6, "input_cost_per_token_cache_hit": 2e-6},
        "g": {"litellm_provider": "p", "input_cost_per_token": 1e-30, "output_cost_per_token": 1e9}
      }
      """#)
    #expect(table.rows.map { "\($0.line) \($0.pointer)" } == ["4 /a~1b/output_cost_per_token"])
    #expect(
      table.faults.map { "\($0.line) \($0.pointer)" } == [
        "4 /a~1b/input_cost_per_token", "5 /c/input_cost_per_token", "6 /d", "7 /e", "8 /two words",
        "9 /f/cache_read_input_token_cost", "10 /g/input_cost_per_token", "10 /g/output_cost_per_token",
      ])
    #expect(throws: JSONFaults.self) { try read("{") }
    #expect(throws: JSONFaults.self) { try read(#"{"a":{"x":1,"x":2}}"#) }
    #expect(try read("[]").faults.map(\.pointer) == [""])
  }

  @Test("a model is known by its provider's own name for it, too")
  func names() throws {
    let table = try read(
      #"""
      {"novita/deepseek/v3":{"litellm_provider":"novita"},"gpt-4o":{"litellm_provider":"openai"},
      "vertex_ai/claude":{"litellm_provider":"vertex_ai-anthropic_models"}}
      """#)
    #expect(
      table.names == [
        PriceTable.Name(alias: "deepseek/v3", model: "novita/deepseek/v3", provider: "novita"),
        PriceTable.Name(alias: "claude", model: "vertex_ai/claude", provider: "vertex_ai"),
      ])
    #expect(LiteLLMProviders.name("bedrock_converse") == "bedrock")
    #expect(LiteLLMProviders.name("bedrock_converse", map: ["bedrock_converse": "aws"]) == "aws")
  }
}
