import Control
import Domain
import Testing

@Suite("Prices")
struct PriceTests {
  private func ledger(_ prices: [JSON]) throws -> TestLedger {
    var ledger = TestLedger()
    try ledger.run(.listPrices(prices), by: .key("ann"))
    return ledger
  }

  private func inForce(_ ledger: TestLedger, _ at: String, provider: String? = nil) -> Int64? {
    let moment = Timestamp(rfc3339: at)!
    return ledger.state.prices["m"]?.price(of: .inputTokens, provider: provider, at: moment)?.id
  }

  @Test("hold from their date until the next; of one date the later position wins")
  func dates() throws {
    let ledger = try ledger([
      listedPrice("m", "input_tokens", "3", from: "2026-01-01T00:00:00Z"),
      listedPrice("m", "input_tokens", "1", from: "2025-01-01T00:00:00Z"),
      listedPrice("m", "input_tokens", "2", from: "2025-06-01T00:00:00Z"),
      listedPrice("m", "input_tokens", "2.5", from: "2025-06-01T00:00:00+00:00"),
      listedPrice("m", "output_tokens", "9", from: "2020-01-01T00:00:00Z"),
    ])
    #expect(inForce(ledger, "2024-12-31T23:59:59.999999Z") == nil)
    #expect(inForce(ledger, "2025-01-01T00:00:00Z") == 2)
    #expect(inForce(ledger, "2025-05-31T23:59:59Z") == 2)
    #expect(inForce(ledger, "2025-06-01T00:00:00Z") == 4)
    #expect(inForce(ledger, "2026-01-01T00:00:00Z") == 1)
    #expect(inForce(ledger, "9999-01-01T00:00:00Z") == 1)
    #expect(
      ledger.state.prices["n"] == nil
        || ledger.state.prices["n"]?.price(of: .inputTokens, provider: nil, at: ledger.now) == nil)
    #expect(ledger.state.prices.all.map(\.id) == [1, 2, 3, 4, 5])
  }

  @Test("of the provider come before those of any provider, once they hold")
  func providers() throws {
    let ledger = try ledger([
      listedPrice("m", "input_tokens", "1", from: "2025-01-01T00:00:00Z"),
      listedPrice("m", "input_tokens", "2", from: "2025-06-01T00:00:00Z", provider: "acme"),
      listedPrice("m", "input_tokens", "3", from: "2026-01-01T00:00:00Z"),
    ])
    #expect(inForce(ledger, "2025-03-01T00:00:00Z", provider: "acme") == 1)
    #expect(inForce(ledger, "2025-07-01T00:00:00Z", provider: "acme") == 2)
    #expect(inForce(ledger, "2026-07-01T00:00:00Z", provider: "acme") == 2)
    #expect(inForce(ledger, "2026-07-01T00:00:00Z", provider: "other") == 3)
    #expect(inForce(ledger, "2026-07-01T00:00:00Z") == 3)
  }

  @Test("agree with a look through the whole list", arguments: 1...20)
  func oracle(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var state = ControlState(ledger: "main")
    var all: [Price] = []
    let classes: [UsageClass] = [.inputTokens, .outputTokens]
    for position in 1...120 {
      let price = Price(
        id: Int64(position), provider: [nil, "a", "b"].randomElement(using: &random)!,
        model: ["m", "n"].randomElement(using: &random)!, usageClass: classes.randomElement(using: &random)!.rawValue,
        price: Money(Amount(units: 1), Currency("USD")!), per: 1,
        validFrom: Timestamp(microseconds: Int64.random(in: 0..<30, using: &random)))
      all.append(price)
      state.apply(
        AppliedEvent(
          position: price.id, type: "price.listed", typeVersion: 1, subject: "price/\(price.model)", sequence: 1,
          occurredAt: TestLedger.start, recordedAt: TestLedger.start, actor: "k", actorKind: .human, data: price.json,
          derived: nil))
      if Bool.random(using: &random) { state.merge() }
      for _ in 0..<10 {
        let model = ["m", "n", "o"].randomElement(using: &random)!
        let usageClass = classes.randomElement(using: &random)!
        let provider = ["a", "b", "c"].randomElement(using: &random)!
        let moment = Timestamp(microseconds: Int64.random(in: -1..<31, using: &random))
        let fitting = all.filter {
          $0.model == model && $0.usageClass == usageClass.rawValue && $0.validFrom <= moment
        }
        let latest: ([Price]) -> Price? = { $0.max { ($0.validFrom, $0.id) < ($1.validFrom, $1.id) } }
        let expected =
          latest(fitting.filter { $0.provider == provider }) ?? latest(fitting.filter { $0.provider == nil })
        #expect(state.prices[model]?.price(of: usageClass, provider: provider, at: moment) == expected)
      }
    }
    #expect(state.prices.all == all)
  }

  @Test(
    "that are not valid are refused, with the whole list",
    arguments: [
      ("amount", listedPrice("m", "input_tokens", "-1")),
      ("currency", listedPrice("m", "input_tokens", "1", currency: "usd")),
      ("per", listedPrice("m", "input_tokens", "1", per: 0)), ("class", listedPrice("m", "tokens", "1")),
      ("date", listedPrice("m", "input_tokens", "1", from: "yesterday")),
      ("model", listedPrice("", "input_tokens", "1")),
    ] as [(String, JSON)])
  func invalid(what: String, price: JSON) {
    var ledger = TestLedger()
    let good = listedPrice("m", "input_tokens", "1")
    #expect(ledger.refusal(.listPrices([good, price]), by: .key("ann")) == "422 invalid-price")
    #expect(ledger.log.isEmpty)
  }

  @Test("are listed by anybody but agents, one at least")
  func who() {
    var ledger = TestLedger()
    let good = Command.listPrices([listedPrice("m", "input_tokens", "0")])
    #expect(ledger.refusal(good, by: .key("ann", .agent)) == "403 agent-may-not-loosen")
    #expect(ledger.refusal(.listPrices([]), by: .key("ann")) == "422 price-count-out-of-range")
    #expect(ledger.refusal(good, by: .key("ann", .service)) == nil)
  }
}
