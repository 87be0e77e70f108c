import Control
import Domain
import Testing

/// What calls cost where a model has more than one price a class: tiers of context, batches, priority, aliases.
@Suite struct CallPriceTests {
  private static let moment = Timestamp(rfc3339: "2026-03-01T00:00:00Z")!

  /// A price of `m`, per unit, with more members.
  private func listed(_ usageClass: String, _ amount: String, _ more: KeyValuePairs<String, JSON> = [:]) -> JSON {
    var json = listedPrice("m", usageClass, amount, per: 1)
    for (name, value) in more { json[name] = value }
    return json
  }

  private func ledger(_ prices: [JSON], aliases: [JSON] = []) throws -> TestLedger {
    var ledger = TestLedger()
    let body = JSON.object([
      "prices": prices.isEmpty ? nil : .array(prices), "aliases": aliases.isEmpty ? nil : .array(aliases),
    ])
    try ledger.run(
      .change(Change(operation: .listPrices, subject: "price-list", body: body), terms: nil, breakGlass: nil),
      by: .key("ann"))
    return ledger
  }

  /// The cost that a completion gets, or its basis where it has none.
  private func cost(
    _ ledger: TestLedger, _ usage: String, model: String = "m", provider: String = "p", tier: String? = nil
  ) throws -> String {
    let service = tier.map { #","service_tier":"\#($0)""# } ?? ""
    let body = try JSONDocument(
      Array(#"{"model":"\#(model)","provider":"\#(provider)"\#(service),"usage":{\#(usage)}}"#.utf8))
    let draft = EventDraft(
      id: "e", source: "/s", type: "completion.recorded", subject: "call/1", body: body.root,
      data: body.root.canonical, personal: nil, persons: [])
    let derived = ledger.state.derive(draft, occurredAt: Self.moment, recordedAt: Self.moment, zone: .utc)
    return derived?["cost"]?["amount"]?.string ?? "unpriced"
  }

  private var tiered: [JSON] {
    [
      listed("input_tokens", "1"), listed("output_tokens", "10"), listed("cache_read_tokens", "0.1"),
      listed("input_tokens", "2", ["context_above": .integer(100)]),
      listed("output_tokens", "15", ["context_above": .integer(100)]),
      listed("input_tokens", "4", ["context_above": .integer(1_000)]),
    ]
  }

  @Test(
    "a context tier is chosen by input plus cache tokens, and holds for the whole call",
    arguments: [
      (#""input_tokens":100,"output_tokens":1"#, "110"),
      (#""input_tokens":101,"output_tokens":1"#, "217"),
      // Cached input counts for the tier, and has no price of its own in it: its only price holds at any size.
      (#""input_tokens":1,"cache_read_tokens":100,"output_tokens":1"#, "27"),
      (#""input_tokens":1000,"output_tokens":1"#, "2015"),
      (#""input_tokens":1001,"output_tokens":1"#, "4019"),
      // Output never makes a context.
      (#""input_tokens":100,"output_tokens":1000"#, "10100"),
    ])
  func contextTiers(usage: String, expected: String) throws {
    #expect(try cost(ledger(tiered), usage) == expected)
  }

  @Test("reasoning follows the tier of the output, even where it has a price of its own for smaller calls")
  func reasoning() throws {
    let ledger = try ledger(tiered + [listed("reasoning_tokens", "12")])
    #expect(try cost(ledger, #""input_tokens":100,"reasoning_tokens":1"#) == "112")
    #expect(try cost(ledger, #""input_tokens":200,"reasoning_tokens":1"#) == "415")
  }

  @Test("a kind of service has its own prices, and none of another's")
  func serviceTiers() throws {
    let ledger = try ledger([
      listed("input_tokens", "10"), listed("output_tokens", "40"),
      listed("input_tokens", "5", ["service_tier": .text("batch")]),
      listed("input_tokens", "20", ["service_tier": .text("priority")]),
      listed("input_tokens", "30", ["service_tier": .text("priority"), "context_above": .integer(100)]),
    ])
    #expect(try cost(ledger, #""input_tokens":2"#) == "20")
    #expect(try cost(ledger, #""input_tokens":2"#, tier: "standard") == "20")
    #expect(try cost(ledger, #""input_tokens":2"#, tier: "batch") == "10")
    #expect(try cost(ledger, #""input_tokens":2"#, tier: "priority") == "40")
    #expect(try cost(ledger, #""input_tokens":200"#, tier: "priority") == "6000")
    // What a batch's output costs is not known, and not what any other output costs.
    #expect(try cost(ledger, #""input_tokens":2,"output_tokens":1"#, tier: "batch") == "unpriced")
    #expect(try cost(ledger, #""input_tokens":2"#, tier: "flex") == "unpriced")
  }

  @Test("cached input has classes of its own: written for minutes, for an hour, and read")
  func caches() throws {
    let ledger = try ledger([
      listed("input_tokens", "10"), listed("cache_read_tokens", "1"), listed("cache_write_tokens", "12.5"),
    ])
    #expect(
      try cost(ledger, #""input_tokens":1,"cache_read_tokens":10,"cache_write_tokens":2"#) == "45")
    #expect(try cost(ledger, #""cache_write_1h_tokens":1"#) == "unpriced")
  }

  @Test("a named unit is its count, and 0.0044 a minute of milliseconds is exact")
  func units() throws {
    var minute = listed("audio_ms", "0.0044", ["unit": .text("per_minute")])
    minute["per"] = nil
    let ledger = try ledger([minute])
    #expect(ledger.log.first?.data["per"] == .integer(60_000))
    #expect(try cost(ledger, #""audio_ms":60000"#) == "0.0044")
    #expect(try cost(ledger, #""audio_ms":1500"#) == "0.00011")
    #expect(try cost(ledger, #""audio_ms":1"#) == "0.000000073333")
    for (unit, per) in [("per_minute", 1_000), ("per_million", 1_000_000), ("per_image", 1)] as [(String, Int64)] {
      var wrong = listed("audio_ms", "1", ["unit": .text(unit)])
      wrong["per"] = .integer(per)
      #expect(throws: Refusal.self, "\(unit)") { try self.ledger([wrong]) }
    }
  }

  @Test("an explicit price of zero is free, and no price is unknown")
  func free() throws {
    let ledger = try ledger([listed("characters", "0")])
    #expect(try cost(ledger, #""characters":900"#) == "0")
    #expect(try cost(ledger, #""characters":900,"images":1"#) == "unpriced")
  }

  private func alias(_ name: String, _ model: String?, _ provider: String? = nil) -> JSON {
    .object(["alias": .text(name), "model": model.map(JSON.text), "provider": provider.map(JSON.text)])
  }

  @Test("an alias leads to a model's prices, unless the name has prices that hold for the provider")
  func aliases() throws {
    var other = listed("input_tokens", "7")
    other["model"] = .text("n")
    other["provider"] = .text("q")
    var ledger = try ledger(
      [listed("input_tokens", "1"), other],
      aliases: [
        alias("other-name", "m", "p"), alias("any-name", "m"), alias("n", "m", "p"), alias("loop", "any-name"),
      ])
    #expect(try cost(ledger, #""input_tokens":2"#, model: "other-name") == "2")
    #expect(try cost(ledger, #""input_tokens":2"#, model: "other-name", provider: "q") == "unpriced")
    #expect(try cost(ledger, #""input_tokens":2"#, model: "any-name", provider: "q") == "2")
    #expect(try cost(ledger, #""input_tokens":2"#, model: "n", provider: "q") == "14")
    #expect(try cost(ledger, #""input_tokens":2"#, model: "n", provider: "p") == "2")
    // One step only: names of names are nobody's price.
    #expect(try cost(ledger, #""input_tokens":2"#, model: "loop") == "unpriced")
    try ledger.run(
      .change(
        Change(
          operation: .listPrices, subject: "price-list",
          body: .object(["aliases": .array([alias("other-name", nil, "p")])])), terms: nil, breakGlass: nil),
      by: .key("ann"))
    #expect(try cost(ledger, #""input_tokens":2"#, model: "other-name") == "unpriced")
  }

  @Test("an estimate costs what the completion would, by the prices it names; unknown is no amount")
  func estimates() throws {
    var ledger = try ledger(tiered)
    let usage: [(usageClass: UsageClass, quantity: Int64)] = [(.inputTokens, 200), (.outputTokens, 3)]
    let estimate = ledger.state.prices.estimate(usage: usage, model: "m", provider: "p", at: Self.moment)
    #expect(estimate.cost?.amount == Amount("445"))
    #expect(estimate.priceIDs == [4, 5])
    let book = ledger.state.prices
    #expect(book.estimate(usage: [(.images, 1)], model: "m", provider: "p", at: Self.moment).cost == nil)
    #expect(book.estimate(usage: usage, model: "unknown", provider: nil, at: Self.moment).cost == nil)
    #expect(
      book.estimate(usage: usage, model: "m", provider: "p", serviceTier: .batch, at: Self.moment).cost == nil)
    // A provider that is not known may be the dearest.
    var dear = listed("input_tokens", "9", ["provider": .text("dear")])
    dear["context_above"] = .integer(100)
    try ledger.run(.listPrices([dear]), by: .key("ann"))
    let dearest = ledger.state.prices.estimate(usage: usage, model: "m", provider: nil, at: Self.moment)
    #expect(dearest.cost?.amount == Amount("1845"))
    #expect(dearest.priceIDs == [5, 7])
  }
}
