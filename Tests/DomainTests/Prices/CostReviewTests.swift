import Domain
import Testing

/// A completion's cost is made again from its usage and the prices that its lines pin.
@Suite struct CostReviewTests {
  private static let prices: [Int64: Price] = {
    var prices: [Int64: Price] = [:]
    for (id, usageClass) in UsageClass.allCases.enumerated() where usageClass != .reasoningTokens {
      let price = Price(
        id: Int64(id + 1), provider: nil, model: "m", usageClass: usageClass.rawValue,
        price: Money(Amount("0.\(id + 3)7")!, Currency("USD")!), per: [1, 1000, 1_000_000][id % 3],
        validFrom: Timestamp(microseconds: 0))
      prices[price.id] = price
    }
    return prices
  }()

  /// What the ledger would write of a usage.
  private func written(_ usage: [(usageClass: UsageClass, quantity: Int64)]) -> (data: JSON, derived: JSON) {
    let cost = CompletionCost.derive(usage: usage, reported: nil) { usageClass in
      Self.prices.values.first { $0.usageClass == usageClass.rawValue }
    }
    var told: [ExactText: JSON] = [:]
    for (usageClass, quantity) in usage { told[ExactText(usageClass.rawValue)] = .integer(quantity) }
    return (.object(["usage": .object(told)]), .object(cost.members))
  }

  private func fault(_ data: JSON, _ derived: JSON, without id: Int64? = nil) -> String? {
    var fault: String?
    let passes = (JSONPass(limits: .init()), JSONPass(limits: .init()))
    let isRead = data.canonical.withUnsafeBytes { data in
      derived.canonical.withUnsafeBytes { derived in
        passes.0.read(data) { data in
          passes.1.read(derived) { derived in
            fault = CostReview.fault(data: data, derived: derived) { $0 == id ? nil : Self.prices[$0] }
            return true
          }
        }
      }
    }
    #expect(isRead)
    return fault
  }

  @Test("whatever the ledger computes is found right, in 2,000 usages")
  func right() {
    var random = SeededGenerator(seed: 71)
    for _ in 0..<2000 {
      let usage = UsageClass.allCases.compactMap { usageClass -> (usageClass: UsageClass, quantity: Int64)? in
        guard Int.random(in: 0..<3, using: &random) == 0 else { return nil }
        return (
          usageClass, Int.random(in: 0..<4, using: &random) == 0 ? 0 : Int64.random(in: 1...99_999, using: &random)
        )
      }
      let (data, derived) = written(usage)
      #expect(fault(data, derived) == nil)
    }
  }

  @Test("a figure that the pinned prices do not give is named")
  func wrong() throws {
    let (data, derived) = written([(.inputTokens, 374), (.outputTokens, 44), (.reasoningTokens, 9)])
    #expect(fault(data, derived) == nil)
    let lines = try #require(derived["lines"]?.elements)
    func with(_ changed: (inout [JSON]) -> Void) -> JSON {
      var (copy, all) = (derived, lines)
      changed(&all)
      copy["lines"] = .array(all)
      return copy
    }
    #expect(fault(data, with { $0[1]["amount"] = .text("0.1") }) != nil)
    #expect(fault(data, with { $0[1]["price"] = .text("0.1") }) != nil)
    #expect(fault(data, with { $0[1]["quantity"] = .integer(45) }) != nil)
    #expect(fault(data, with { $0[1]["price_id"] = .integer(1) })?.contains("pins the price at position 1") == true)
    #expect(fault(data, with { $0[1]["price_id"] = nil }) != nil)
    #expect(fault(data, with { $0.removeLast() }) == "the cost lines lack a class that was used")
    #expect(fault(data, with { $0.append($0[0]) }) == "the cost lines are not those of the usage")
    var cost = derived
    cost["cost"] = Money(Amount("1")!, Currency("USD")!).json
    #expect(fault(data, cost) == "the cost is not the sum of its lines")
    let usage = JSON.object(["usage": .object(["input_tokens": .integer(374), "output_tokens": .integer(43)])])
    #expect(fault(usage, derived) != nil)
    let pinned = try #require(lines[0]["price_id"]?.integer)
    #expect(fault(data, derived, without: pinned) == "a cost line pins no price that was listed before")
  }
}
