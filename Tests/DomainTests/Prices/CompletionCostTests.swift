import Domain
import Testing

@Suite struct CompletionCostTests {
  private let dollar = Currency("USD")!
  private let euro = Currency("EUR")!

  private func price(
    _ id: Int64, _ usageClass: UsageClass, _ amount: String, per: Int64 = 1_000_000, _ code: String = "USD"
  )
    -> Price
  {
    Price(
      id: id, provider: nil, model: "m", usageClass: usageClass.rawValue,
      price: Money(Amount(amount)!, Currency(code)!), per: per, validFrom: Timestamp(microseconds: 0))
  }

  private func derive(
    _ usage: [(usageClass: UsageClass, quantity: Int64)], _ prices: [Price], reported: Money? = nil
  ) -> CompletionCost {
    CompletionCost.derive(usage: usage, reported: reported) { usageClass in
      prices.first { $0.usageClass == usageClass.rawValue }
    }
  }

  @Test("each class has a line with the price that was used, and the lines add up to the cost")
  func computed() throws {
    let prices = [price(7, .inputTokens, "0.0027"), price(8, .outputTokens, "0.0108")]
    let cost = derive([(.inputTokens, 374), (.outputTokens, 44)], prices)
    guard case .computed(let total, let lines) = cost else {
      Issue.record("not computed")
      return
    }
    #expect(lines.map(\.amount.description) == ["0.0000010098", "0.0000004752"])
    #expect(lines.map(\.price.id) == [7, 8])
    #expect(total == Money(Amount("0.000001485")!, dollar))
  }

  @Test("the whole trace, line by line, costs what its day must show")
  func traceTotals() throws {
    let prices = [price(1, .inputTokens, "0.0027"), price(2, .outputTokens, "0.0108")]
    let day = derive([(.inputTokens, 22_361_870), (.outputTokens, 4_088_665)], prices)
    #expect(day.cost == Money(Amount("0.104534631")!, dollar))
    // The same sum from calls of odd sizes: nothing is lost at the lines.
    var sum = Amount.zero
    var input: Int64 = 22_361_870
    var output: Int64 = 4_088_665
    var step: Int64 = 1
    while input > 0 || output > 0 {
      let call = derive([(.inputTokens, min(input, step)), (.outputTokens, min(output, step / 3))], prices)
      sum = try sum.adding(try #require(call.cost).amount)
      input -= min(input, step)
      output -= min(output, step / 3)
      step += 7
    }
    #expect(sum == Amount("0.104534631"))
  }

  @Test("a line is rounded half-even at the twelfth place, once")
  func rounding() throws {
    let third = [price(1, .inputTokens, "0.000001", per: 3_000_000)]
    #expect(derive([(.inputTokens, 1)], third).cost?.amount.description == "0")
    #expect(derive([(.inputTokens, 2)], third).cost?.amount.description == "0.000000000001")
    let half = [price(1, .inputTokens, "0.000001", per: 2_000_000)]
    #expect(derive([(.inputTokens, 1)], half).cost?.amount.description == "0")
    #expect(derive([(.inputTokens, 3)], half).cost?.amount.description == "0.000000000002")
    #expect(derive([(.inputTokens, 5)], half).cost?.amount.description == "0.000000000002")
  }

  @Test("a class without a price leaves the completion unpriced; unknown is not zero")
  func unpriced() {
    let prices = [price(1, .inputTokens, "1")]
    #expect(derive([(.inputTokens, 5), (.outputTokens, 1)], prices) == .unpriced)
    #expect(derive([(.inputTokens, 5), (.outputTokens, 0)], prices).basis == "computed")
    #expect(derive([], prices) == .unpriced)
    #expect(derive([(.inputTokens, 5)], []) == .unpriced)
  }

  @Test("the reported cost is booked only where none can be computed")
  func reported() {
    let prices = [price(1, .inputTokens, "1")]
    let reported = Money(Amount("0.5")!, euro)
    #expect(derive([(.inputTokens, 5)], prices, reported: reported).basis == "computed")
    #expect(derive([(.outputTokens, 5)], prices, reported: reported) == .reported(reported))
    #expect(derive([], prices, reported: reported) == .reported(reported))
    #expect(derive([], [], reported: Money(.zero, euro)) == .reported(Money(.zero, euro)))
  }

  @Test("reasoning takes the output price where it has none of its own; nothing else is guessed")
  func reasoning() {
    let output = price(2, .outputTokens, "3", per: 1)
    guard case .computed(let total, let lines) = derive([(.reasoningTokens, 4)], [output]) else {
      Issue.record("not computed")
      return
    }
    #expect(total.amount == Amount(whole: 12))
    #expect(lines.map(\.usageClass) == [.reasoningTokens])
    #expect(lines.map(\.price.id) == [2])
    let own = price(3, .reasoningTokens, "5", per: 1)
    #expect(derive([(.reasoningTokens, 4)], [output, own]).cost?.amount == Amount(whole: 20))
    let input = price(1, .inputTokens, "1")
    for usageClass in UsageClass.allCases where ![.inputTokens, .outputTokens, .reasoningTokens].contains(usageClass)
    {
      #expect(derive([(usageClass, 1)], [input, output, own]) == .unpriced, "\(usageClass)")
    }
  }

  @Test("prices of two currencies make no sum")
  func currencies() {
    let prices = [price(1, .inputTokens, "1"), price(2, .outputTokens, "1", "EUR")]
    #expect(derive([(.inputTokens, 1), (.outputTokens, 1)], prices) == .unpriced)
    let reported = Money(Amount(whole: 1), dollar)
    #expect(derive([(.inputTokens, 1), (.outputTokens, 1)], prices, reported: reported) == .reported(reported))
    #expect(derive([(.inputTokens, 1), (.outputTokens, 0)], prices).cost?.currency == dollar)
  }

  @Test("an explicit price of zero is free")
  func free() {
    #expect(derive([(.characters, 900)], [price(1, .characters, "0", per: 1)]).cost == Money(.zero, dollar))
  }

  @Test("usage that is told as zero costs zero where a price names the currency")
  func zeroUsage() {
    let prices = [price(1, .inputTokens, "1")]
    #expect(derive([(.inputTokens, 0), (.outputTokens, 0)], prices).cost == Money(.zero, dollar))
    #expect(derive([(.inputTokens, 0)], []) == .unpriced)
    let reported = Money(Amount("0.5")!, euro)
    #expect(derive([(.inputTokens, 0)], prices, reported: reported) == .reported(reported))
    let mixed = prices + [price(2, .outputTokens, "1", "EUR")]
    #expect(derive([(.inputTokens, 0), (.outputTokens, 0)], mixed) == .unpriced)
  }

  @Test("a cost that no amount can hold counts as no price")
  func overflow() {
    let huge = [price(1, .inputTokens, "99999999999999999999999999", per: 1), price(2, .outputTokens, "1", per: 0)]
    #expect(derive([(.inputTokens, 2)], huge) == .unpriced)
    #expect(derive([(.outputTokens, 2)], huge) == .unpriced)
    let two = [huge[0], price(2, .outputTokens, "99999999999999999999999999", per: 1)]
    #expect(derive([(.inputTokens, 1), (.outputTokens, 1)], two) == .unpriced)
  }

  @Test("the classes of usage are those of the catalogue, in the order of their bytes")
  func classes() {
    #expect(UsageClass.allCases.map(\.rawValue) == UsageClass.allCases.map(\.rawValue).sorted())
    #expect(UsageClass.allCases.count == 13)
    #expect(
      CompletionUsage.classes(of: .object(["output_tokens": .integer(2), "audio_ms": .integer(0)])).map(\.usageClass)
        == [.audioMilliseconds, .outputTokens])
  }
}
