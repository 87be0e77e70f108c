import Domain
import Testing

@Suite struct AmountSplitTests {
  @Test(
    "parts add up to the last digit; what is left over goes to the largest remainders, ties by key bytes",
    arguments: [
      (
        "100", ["a": "1", "b": "1", "c": "1"],
        ["a": "33.333333333334", "b": "33.333333333333", "c": "33.333333333333"]
      ),
      (
        "-100", ["a": "1", "b": "1", "c": "1"],
        ["a": "-33.333333333334", "b": "-33.333333333333", "c": "-33.333333333333"]
      ),
      (
        "0.000000000002", ["b": "1", "a": "1", "B": "1"],
        ["B": "0.000000000001", "a": "0.000000000001", "b": "0"]
      ),
      ("0.000000000001", ["é": "1", "z": "1"], ["é": "0", "z": "0.000000000001"]),
      ("1", ["a": "0", "b": "3", "c": "1"], ["a": "0", "b": "0.75", "c": "0.25"]),
      ("0.000000000001", ["a": "0", "b": "0.000000000001"], ["a": "0", "b": "0.000000000001"]),
      ("0", ["a": "1", "b": "2"], ["a": "0", "b": "0"]),
      (
        "0.00000000001", ["a": "5", "b": "3", "c": "1"],
        ["a": "0.000000000006", "b": "0.000000000003", "c": "0.000000000001"]
      ),
      ("7", ["only": "0.000000000001"], ["only": "7"]),
    ] as [(String, [String: String], [String: String])])
  func splits(total: String, weights: [String: String], parts: [String: String]) throws {
    let shares = try weights.map { (key: ExactText($0.key), weight: try #require(Amount($0.value))) }
    let split = try #require(Amount(total)).split(by: shares)
    var sum = Amount.zero
    for (share, part) in zip(shares, split) {
      #expect(part.description == parts[share.key.string], "part of \(share.key)")
      sum = try sum.adding(part)
    }
    #expect(sum.description == total)
  }

  @Test("random splits add up, stay within one unit of the exact share, and mirror under negation")
  func properties() throws {
    let seed: UInt64 = .random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<100 {
      let count = Int.random(in: 1...12, using: &random)
      var shares: [(key: ExactText, weight: Amount)] = (0..<count).map { index in
        (ExactText("key \(index)"), Amount(units: randomUnits(36, &random)))
      }
      shares[0].weight = Amount(units: max(1, shares[0].weight.units))
      let total = Amount(units: randomUnits(38, &random))
      let parts = try total.split(by: shares)
      let weightSum = shares.reduce(DigitNumber([])) { $0 + DigitNumber($1.weight.units) }
      var sum = Amount.zero
      for (share, part) in zip(shares, parts) {
        sum = try sum.adding(part)
        let exact = (DigitNumber(total.units) * DigitNumber(share.weight.units)).dividing(by: weightSum)
        let isFloor = DigitNumber(part.units) == exact.quotient
        let isNext = DigitNumber(part.units) == exact.quotient + DigitNumber([1])
        #expect(isFloor || isNext && exact.remainder != DigitNumber([]), "seed \(seed)")
      }
      #expect(sum == total, "seed \(seed)")
      #expect(try total.negated.split(by: shares) == parts.map(\.negated), "seed \(seed)")
      // The order in which shares are given does not matter.
      let reversed = try total.split(by: shares.reversed())
      #expect(Array(reversed.reversed()) == parts, "seed \(seed)")
    }
  }

  @Test("nothing to split by is an error, not a guess")
  func refusals() throws {
    let amount = Amount(whole: 1)
    let cases: [[(key: ExactText, weight: Amount)]] = [
      [], [("a", .zero)], [("a", .zero), ("b", .zero)], [("a", Amount(whole: 2)), ("b", Amount(whole: -1))],
      [("a", .largest), ("b", .largest)],
    ]
    for shares in cases {
      let error = try #require(throws: MoneyError.self) { try amount.split(by: shares) }
      #expect(error.code == .badWeights)
    }
  }

  private func randomUnits(_ most: Int, _ random: inout SeededGenerator) -> Int128 {
    var units: Int128 = 0
    for _ in 0..<Int.random(in: 0...most, using: &random) {
      units = units * 10 + Int128.random(in: 0...9, using: &random)
    }
    return units
  }
}
