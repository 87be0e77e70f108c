import Domain
import Testing

@Suite struct ExactNumberTests {
  @Test(
    "a number is its digits and a power of ten, in any of JSON's forms",
    arguments: [
      ("0", 1, "0"), ("-0.0e9", 1_000_000, "0"), ("1.5e-07", 1_000_000, "0.15"), ("0.00000015", 1_000_000, "0.15"),
      ("1.50E-7", 1_000_000, "0.15"), ("15e-8", 1_000_000, "0.15"), ("3E2", 1, "300"), ("-2.5", 2, "-5"),
      ("1e-12", 1, "0.000000000001"), ("1e-18", 1_000_000, "0.000000000001"),
      ("1.5000999999999998E-7", 1_000_000_000_000, "150009.99999999998"), ("1e25", 1, "10000000000000000000000000"),
    ] as [(String, Int64, String)])
  func numbers(text: String, count: Int64, expected: String) {
    #expect(ExactNumber(text)?.amount(times: count)?.description == expected)
  }

  @Test(
    "what is not exact at twelve places, or too large, is no amount", arguments: ["1e-13", "0.1234567890123", "1e26"])
  func inexact(text: String) throws { #expect(try #require(ExactNumber(text)).amount(times: 1) == nil) }

  @Test(
    "anything else is no number",
    arguments: [
      "", "-", "1.", ".5", "01", "-01", "+1", "1e", "1e+", " 1", "1 ", "0x1", "NaN", "Infinity", "1e9999999",
      "123456789012345678901234567", "١",
    ])
  func wrong(text: String) { #expect(ExactNumber(text) == nil) }

  @Test("the same value in any form is the same number, at random")
  func random() throws {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<2_000 {
      let units = Int64.random(in: -1_000_000_000_000_000...1_000_000_000_000_000, using: &random)
      let amount = Amount(units: Int128(units))
      let shift = Int.random(in: -30...30, using: &random)
      let number = try #require(ExactNumber("\(amount)"))
      #expect(number == ExactNumber("\(units)e-12"))
      #expect(number == ExactNumber("\(units)\(String(repeating: "0", count: shift + 30))e-\(shift + 42)"))
      #expect(number.amount(times: 1) == amount)
    }
    #expect(ExactNumber("256000.0")?.integer == 256_000)
    #expect(ExactNumber("2.56e5")?.integer == 256_000)
    #expect(ExactNumber("0.5")?.integer == nil)
    #expect(ExactNumber("1e19")?.integer == nil)
    #expect(ExactNumber("-9223372036854775807")?.integer == -9_223_372_036_854_775_807)
  }
}
