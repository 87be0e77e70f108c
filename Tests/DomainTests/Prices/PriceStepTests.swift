import Domain
import Testing

@Suite struct PriceStepTests {
  private let dollar = Currency("USD")!

  @Test("agrees with the arithmetic of the schoolbook at any size", arguments: 1...10)
  func oracle(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<100 {
      let digits = Int.random(in: 1...24, using: &random)
      func units() -> Int128 {
        Int128(String((0..<digits).map { _ in "0123456789".randomElement(using: &random)! }))!
      }
      let factors: [Int64] = [1, 9, 10, 11, 100]
      let old = units()
      // Near the bounds as often as not.
      let new = Bool.random(using: &random) ? units() : old * Int128(factors.randomElement(using: &random)!)
      let pers: [Int64] = [1, 10, 60_000, 1_000_000, 1_000_000_000_000]
      let (per, before) = (pers.randomElement(using: &random)!, pers.randomElement(using: &random)!)
      let (left, right) = (DigitNumber(new) * DigitNumber(before), DigitNumber(old) * DigitNumber(per))
      let ten = DigitNumber(10)
      let expected: PriceStep =
        left == right
        ? .unchanged
        : right < left
          ? left < right * ten ? .raised : .raisedTenfold : right < left * ten ? .cut : .cutTenfold
      let step = PriceStep(
        Money(Amount(units: new), dollar), per: per, after: (Money(Amount(units: old), dollar), before))
      #expect(step == expected, "\(new)/\(per) after \(old)/\(before)")
    }
  }

  @Test("the largest prices there are have an order, too")
  func largest() {
    let most = (Money(Amount.largest, dollar), Price.mostUnits)
    #expect(PriceStep(Money(Amount.largest, dollar), per: 1, after: most) == .raisedTenfold)
    #expect(
      PriceStep(Money(Amount(units: 1), dollar), per: Price.mostUnits, after: (Money(Amount.largest, dollar), 1))
        == .cutTenfold)
    #expect(PriceStep(Money(Amount.largest, dollar), per: Price.mostUnits, after: most) == .unchanged)
    #expect(PriceStep(Money(.zero, dollar), per: 1, after: (Money(.zero, dollar), 7)) == .unchanged)
    #expect(PriceStep(Money(.zero, dollar), per: 1, after: nil) == .new)
    #expect(PriceStep(Money(.zero, dollar), per: 1, after: (Money(.zero, Currency("EUR")!), 1)) == .otherCurrency)
  }

  @Test("a unit's name and its count lead to each other, in the class's own units")
  func units() {
    for usageClass in UsageClass.allCases {
      for unit in PriceUnit.allCases {
        guard let count = unit.count(of: usageClass) else { continue }
        #expect(PriceUnit(per: count, of: usageClass) == unit, "\(unit) of \(usageClass)")
      }
      #expect(PriceUnit(per: 7, of: usageClass) == nil)
    }
    #expect(PriceUnit.minute.count(of: .audioMilliseconds) == 60_000)
    #expect(PriceUnit.minute.count(of: .inputTokens) == nil)
    #expect(PriceUnit.million.count(of: .audioMilliseconds) == nil)
    #expect(PriceUnit.image.count(of: .images) == 1)
    #expect(PriceUnit.token.count(of: .images) == nil)
  }
}
