import Domain
import Testing

@Suite struct AmountArithmeticTests {
  @Test("sums and differences are exact and refuse what does not fit")
  func sums() throws {
    let tenth = try #require(Amount("0.1"))
    let fifth = try #require(Amount("0.2"))
    #expect(try tenth.adding(fifth).description == "0.3")
    #expect(try tenth.subtracting(fifth).description == "-0.1")
    let least = Amount(units: 1)
    #expect(throws: MoneyError.self) { try Amount.largest.adding(least) }
    #expect(throws: MoneyError.self) { try Amount.largest.adding(.largest) }
    #expect(throws: MoneyError.self) { try Amount.largest.negated.subtracting(least) }
    #expect(throws: MoneyError.self) { try Amount.largest.negated.subtracting(.largest) }
    #expect(try Amount.largest.subtracting(.largest) == .zero)
    #expect(try Amount.largest.adding(Amount.largest.negated) == .zero)
  }

  @Test("products with whole numbers are exact and refuse what does not fit")
  func products() throws {
    let price = try #require(Amount("0.000000002700"))
    #expect(try price.multiplied(by: 22_361_870).description == "0.060377049")
    #expect(try price.multiplied(by: -3).description == "-0.0000000081")
    #expect(throws: MoneyError.self) { try Amount.largest.multiplied(by: 2) }
    #expect(throws: MoneyError.self) { try Amount.largest.multiplied(by: .min) }
    #expect(try Amount.largest.multiplied(by: -1) == Amount.largest.negated)
    #expect(try Amount.zero.multiplied(by: .min) == .zero)
  }

  @Test("the trace's day costs what its tokens cost")
  func traceDay() throws {
    let input = try #require(Amount("0.0027")).multiplied(by: 22_361_870, per: 1_000_000)
    let output = try #require(Amount("0.0108")).multiplied(by: 4_088_665, per: 1_000_000)
    #expect(input.description == "0.060377049")
    #expect(output.description == "0.044157582")
    #expect(try input.adding(output).description == "0.104534631")
    let codeInput = try #require(Amount("0.0027")).multiplied(by: 18_059_974, per: 1_000_000)
    let codeOutput = try #require(Amount("0.0108")).multiplied(by: 245_896, per: 1_000_000)
    #expect(try codeInput.adding(codeOutput).description == "0.0514176066")
  }

  /// Units, divisor and the rounded units by each rule; from Python's `decimal` (`quantize`).
  @Test(
    "each rule rounds as it is named, on both sides of zero",
    arguments: [
      [5, 2, 2, 3, 2, 3, 2, 3, 2],
      [3, 2, 2, 2, 1, 2, 1, 2, 1],
      [1, 2, 0, 1, 0, 1, 0, 1, 0],
      [-5, 2, -2, -3, -2, -3, -2, -2, -3],
      [-3, 2, -2, -2, -1, -2, -1, -1, -2],
      [-1, 2, 0, -1, 0, -1, 0, 0, -1],
      [4, 3, 1, 1, 1, 2, 1, 2, 1],
      [5, 3, 2, 2, 2, 2, 1, 2, 1],
      [-4, 3, -1, -1, -1, -2, -1, -1, -2],
      [-5, 3, -2, -2, -2, -2, -1, -1, -2],
      [6, 3, 2, 2, 2, 2, 2, 2, 2],
      [-6, 3, -2, -2, -2, -2, -2, -2, -2],
      [0, 7, 0, 0, 0, 0, 0, 0, 0],
      [7, 2, 4, 4, 3, 4, 3, 4, 3],
    ])
  func rules(row: [Int]) throws {
    let rules: [RoundingRule] = [.halfEven, .halfUp, .halfDown, .up, .down, .ceiling, .floor]
    #expect(Set(rules) == Set(RoundingRule.allCases))
    let amount = Amount(units: Int128(row[0]))
    let per = Int64(row[1])
    for (rule, units) in zip(rules, row[2...]) {
      #expect(try amount.multiplied(by: 1, per: per, rounding: rule).units == Int128(units), "\(rule)")
      // The sign may come from either factor.
      #expect(try amount.negated.multiplied(by: -1, per: per, rounding: rule).units == Int128(units), "\(rule)")
    }
  }

  @Test("price × quantity ÷ per agrees with schoolbook arithmetic on digits, whatever the sizes")
  func ratioAgreesWithOracle() throws {
    let seed: UInt64 = .random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    var overflows = 0
    for _ in 0..<800 {
      let units = randomUnits(&random)
      let quantity = Int64.random(in: .min ... .max, using: &random) >> Int64.random(in: 0...62, using: &random)
      let per = max(1, Int64.random(in: 1 ... .max, using: &random) >> Int64.random(in: 0...62, using: &random))
      let rule = RoundingRule.allCases.randomElement(using: &random)!
      let isNegative = (units < 0) != (quantity < 0)
      let expected = round(
        DigitNumber(units.magnitude) * DigitNumber(quantity.magnitude), DigitNumber(per), rule, isNegative)
      let fits = expected < DigitNumber("1" + String(repeating: "0", count: 38))
      if fits {
        let amount = try Amount(units: units).multiplied(by: quantity, per: per, rounding: rule)
        let sign = isNegative && expected.text != "0" ? "-" : ""
        #expect(String(amount.units) == sign + expected.text, "seed \(seed): \(units) * \(quantity) / \(per) \(rule)")
      } else {
        overflows += 1
        #expect(throws: MoneyError.self, "seed \(seed): \(units) * \(quantity) / \(per)") {
          try Amount(units: units).multiplied(by: quantity, per: per, rounding: rule)
        }
      }
    }
    #expect(overflows > 20, "the sizes are meant to overflow now and then")
  }

  @Test("ties far beyond a machine word are seen as ties")
  func wideTies() throws {
    // (2k + 1) / 2 with 2k + 1 of 37 digits: the remainder is exactly half.
    let odd = Amount(units: 1_234_567_890_123_456_789_012_345_678_901_234_567)
    #expect(try odd.multiplied(by: 1, per: 2).units == 617_283_945_061_728_394_506_172_839_450_617_284)
    #expect(
      try odd.multiplied(by: 1, per: 2, rounding: .halfDown).units == 617_283_945_061_728_394_506_172_839_450_617_283)
    // Int64.max is odd: a quotient with that divisor can never tie.
    #expect(try odd.multiplied(by: .max, per: .max) == odd)
    #expect(try odd.multiplied(by: .min, per: .max, rounding: .down) < odd.negated)
  }

  @Test("a divisor that is not positive is refused", arguments: [0, -1, .min] as [Int64])
  func divisor(per: Int64) throws {
    let error = try #require(throws: MoneyError.self) { try Amount(whole: 1).multiplied(by: 1, per: per) }
    #expect(error.code == .badDivisor)
  }

  @Test("rounding to a currency's places is named and exact")
  func places() throws {
    let amount = try #require(Amount("2.675"))
    #expect(try amount.rounded(toPlaces: 2, .halfEven).description == "2.68")
    #expect(try amount.rounded(toPlaces: 2, .halfDown).description == "2.67")
    #expect(try amount.negated.rounded(toPlaces: 2, .floor).description == "-2.68")
    #expect(try amount.rounded(toPlaces: 0, .up).description == "3")
    #expect(try amount.rounded(toPlaces: 12, .up) == amount)
    #expect(throws: MoneyError.self) { try Amount.largest.rounded(toPlaces: 2, .halfUp) }
  }

  private func randomUnits(_ random: inout SeededGenerator) -> Int128 {
    var units: Int128 = 0
    for _ in 0..<Int.random(in: 0...38, using: &random) {
      units = units * 10 + Int128.random(in: 0...9, using: &random)
    }
    return Bool.random(using: &random) ? units : -units
  }

  private func round(
    _ product: DigitNumber, _ divisor: DigitNumber, _ rule: RoundingRule, _ isNegative: Bool
  ) -> DigitNumber {
    let (quotient, remainder) = product.dividing(by: divisor)
    let twice = remainder + remainder
    let isTie = twice == divisor
    let isMore = divisor < twice
    let isExact = remainder == DigitNumber([])
    let grows =
      switch rule {
      case .halfEven: isMore || isTie && !quotient.isEven
      case .halfUp: isMore || isTie
      case .halfDown: isMore
      case .up: !isExact
      case .down: false
      case .ceiling: !isExact && !isNegative
      case .floor: !isExact && isNegative
      }
    return grows ? quotient + DigitNumber([1]) : quotient
  }
}
