import Control
import Domain
import Testing

/// What is, what was, and what was believed.
@Suite struct PriceQueryTests {
  /// A random price of few models, kinds and dates, so that they meet.
  private static func price(_ random: inout SeededGenerator) -> JSON {
    var json = listedPrice(
      ["m", "n"].randomElement(using: &random)!, ["input_tokens", "output_tokens"].randomElement(using: &random)!,
      String(Int.random(in: 1...9, using: &random)),
      from: Timestamp(microseconds: Int64.random(in: 0..<20, using: &random)).description,
      provider: [nil, "a", "b"].randomElement(using: &random)!)
    if Int.random(in: 0..<3, using: &random) == 0 {
      json["context_above"] = .integer([100, 200].randomElement(using: &random)!)
    }
    if Int.random(in: 0..<4, using: &random) == 0 { json["service_tier"] = .text("batch") }
    return json
  }

  /// The price that holds, by looking through the whole list.
  private static func expected(
    _ all: [Price], _ model: String, _ usageClass: UsageClass, _ provider: String, _ moment: Timestamp,
    _ terms: CallTerms
  ) -> Price? {
    let fitting = all.filter {
      $0.model == model && $0.usageClass == usageClass.rawValue && $0.validFrom <= moment
        && $0.serviceTier == terms.serviceTier && ($0.provider == nil || $0.provider == provider)
        && ($0.contextAbove == 0 || $0.contextAbove < terms.contextTokens)
    }
    // The provider's own first, then the highest tier, then the latest, then the one that was learned last.
    return fitting.max { left, right in
      let order: (Price) -> (Int, Int64, Timestamp, Int64) = {
        ($0.provider == nil ? 0 : 1, $0.contextAbove, $0.validFrom, $0.id)
      }
      return order(left) < order(right)
    }
  }

  @Test(
    "the price in force agrees with a look through the whole list, tiers and providers included", arguments: 1...20)
  func oracle(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var ledger = TestLedger()
    for _ in 0..<25 {
      let prices = (0..<Int.random(in: 1...4, using: &random)).map { _ in Self.price(&random) }
      ledger.advance(hours: Int64.random(in: 0...1, using: &random))
      try ledger.run(.listPrices(prices), by: .key("ann"))
    }
    let book = ledger.state.prices
    let all = book.all
    #expect(all.map(\.id) == Array(1...Int64(all.count)))
    for _ in 0..<200 {
      let terms = CallTerms(
        serviceTier: [.standard, .batch].randomElement(using: &random)!,
        contextTokens: [0, 100, 101, 200, 201].randomElement(using: &random)!)
      let moment = Timestamp(microseconds: Int64.random(in: -1..<21, using: &random))
      let usageClass = [UsageClass.inputTokens, .outputTokens].randomElement(using: &random)!
      let provider = ["a", "b", "c"].randomElement(using: &random)!
      let model = ["m", "n", "o"].randomElement(using: &random)!
      #expect(
        book[model]?.price(of: usageClass, provider: provider, at: moment, terms: terms)
          == Self.expected(all, model, usageClass, provider, moment, terms))
    }
    // As it was believed: what was recorded later is not there.
    for _ in 0..<50 {
      let asOf = Int64.random(in: 0...Int64(all.count) + 1, using: &random)
      let moment = Timestamp(microseconds: Int64.random(in: -1..<21, using: &random))
      let page = book.page(PriceQuery(at: moment, asOf: asOf))
      let known = all.filter { $0.id <= asOf && $0.validFrom <= moment }
      let kinds = Dictionary(grouping: known) { price in
        [
          price.model, price.provider ?? "", price.usageClass, price.serviceTier.rawValue, String(price.contextAbove),
        ]
      }
      let latest = kinds.values.compactMap { $0.max { ($0.validFrom, $0.id) < ($1.validFrom, $1.id) } }
      #expect(Set(page.rows.map(\.price)) == Set(latest))
    }
    #expect(try ControlState(snapshot: ledger.state.snapshot()).snapshot() == ledger.state.snapshot())
    #expect(try ControlState(snapshot: ledger.state.snapshot()).prices.all == all)
  }

  @Test("pages of any size are the whole list, in the order of models and ids, each price once")
  func pages() throws {
    var random = SeededGenerator(seed: 7)
    var ledger = TestLedger()
    try ledger.run(.listPrices((0..<60).map { _ in Self.price(&random) }), by: .key("ann"))
    let whole = ledger.state.prices.page(PriceQuery()).rows
    #expect(
      whole.map { "\($0.price.model) \(1_000 + $0.price.id)" }
        == whole.map { "\($0.price.model) \(1_000 + $0.price.id)" }.sorted())
    #expect(whole.count == 60)
    for limit in [1, 7, 59, 60, 61] {
      var rows: [PricePage.Row] = []
      var query = PriceQuery(limit: limit)
      repeat {
        let page = ledger.state.prices.page(query)
        #expect(page.rows.count <= limit)
        rows += page.rows
        query.after = page.next.flatMap { PriceQuery.Place($0.description) }
      } while query.after != nil
      #expect(rows == whole, "\(limit)")
    }
    #expect(PriceQuery.Place("7:a:b") == PriceQuery.Place(model: "a:b", id: 7))
    #expect(["", "7", "x:a", "0:a", "-1:a", ":a"].allSatisfy { PriceQuery.Place($0) == nil })
  }

  @Test("a correction that was recorded later changes what was, and not what was believed")
  func corrections() throws {
    var ledger = TestLedger()
    try ledger.run(.listPrices([listedPrice("m", "input_tokens", "1")]), by: .key("ann"))
    ledger.advance(hours: 24)
    let between = ledger.now
    ledger.advance(hours: 24)
    try ledger.run(
      .listPrices([listedPrice("m", "input_tokens", "3"), listedPrice("m", "output_tokens", "9")]), by: .key("ann"))
    let book = ledger.state.prices
    func amounts(_ query: PriceQuery) -> [String] { book.page(query).rows.map(\.price.price.amount.description) }
    let past = Timestamp(rfc3339: "2020-01-01T00:00:00Z")!
    #expect(amounts(PriceQuery(model: "m", at: past)) == ["3", "9"])
    #expect(amounts(PriceQuery(model: "m", at: past, asOf: book.position(knownAt: between))) == ["1"])
    #expect(amounts(PriceQuery(model: "m", at: past, asOf: 2)) == ["3"])
    #expect(amounts(PriceQuery(at: past, asOf: book.position(knownAt: past))).isEmpty)
    #expect(book.position(knownAt: ledger.now) == .max)
    #expect(book.page(PriceQuery()).rows.map(\.recordedAt) == [TestLedger.start, ledger.now, ledger.now])
  }

  @Test("a model is asked for by another name, too, as far as the name was known")
  func names() throws {
    var ledger = TestLedger()
    try ledger.run(
      .listPrices([listedPrice("m", "input_tokens", "1", provider: "p"), listedPrice("n", "images", "2")]),
      by: .key("ann"))
    let alias = JSON.object(["alias": .text("x"), "model": .text("m"), "provider": .text("p")])
    try ledger.run(
      .change(
        Change(operation: .listPrices, subject: "price-list", body: .object(["aliases": .array([alias])])),
        terms: nil, breakGlass: nil), by: .key("ann"))
    let book = ledger.state.prices
    #expect(book.page(PriceQuery(model: "x")).rows.map(\.price.id) == [1])
    #expect(book.page(PriceQuery(model: "x")).aliases.map(\.model) == ["m"])
    #expect(book.page(PriceQuery(model: "x", provider: "q")).rows.isEmpty)
    #expect(book.page(PriceQuery(model: "x", asOf: 2)).rows.isEmpty)
    #expect(book.page(PriceQuery(model: "n")).aliases.isEmpty)
    #expect(book.page(PriceQuery(provider: "q")).rows.map(\.price.id) == [2])
    #expect(
      try ControlState(snapshot: ledger.state.snapshot()).prices.page(PriceQuery(model: "x")).aliases.count == 1)
  }

  @Test("what a batch listed is gone when the batch is, and the book is as it was")
  func drops() throws {
    var ledger = TestLedger()
    try ledger.run(.listPrices([listedPrice("m", "input_tokens", "1")]), by: .key("ann"))
    let before = ledger.state.snapshot()
    ledger.advance(hours: 1)
    ledger.state.apply(
      AppliedEvent(
        position: 2, type: "price.listed", typeVersion: 1, subject: "price/m", sequence: 2, occurredAt: ledger.now,
        recordedAt: ledger.now, actor: "k", actorKind: .human, data: listedPrice("m", "input_tokens", "2"),
        derived: nil))
    #expect(ledger.state.prices.all.count == 2)
    #expect(ledger.state.prices.recordedAt(2) == ledger.now)
    #expect(ledger.state.snapshot() == before)
    ledger.state.drop()
    #expect(ledger.state.prices.all.count == 1)
    #expect(ledger.state.prices.recordedAt(2) == TestLedger.start)
    #expect(ledger.state.snapshot() == before)
  }
}
