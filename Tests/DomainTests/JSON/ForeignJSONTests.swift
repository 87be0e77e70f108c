import Domain
import Testing

/// Texts that others wrote: whatever JSON allows is read, and no number passes through a float.
@Suite struct ForeignJSONTests {
  private let foreign = JSONLimits(isForeign: true)

  @Test("numbers of any form are kept as their text, and the ledger's own integers are integers")
  func numbers() throws {
    let texts = ["1.5", "1.4e-05", "-0", "-0.0", "9007199254740993", "1E2", "123456789012345678901234567890"]
    let document = try JSONDocument(Array("[\(texts.joined(separator: ",")),7]".utf8), limits: foreign)
    let elements = document.root.elements
    #expect(elements.compactMap(\.numberText) == texts + ["7"])
    #expect(elements.compactMap(\.integer) == [7])
    #expect(JSON(document.root).elements == texts.map { .text($0) } + [.integer(7)])
  }

  @Test("NUL and lone surrogates do not spoil an answer; what is no JSON still does")
  func texts() throws {
    let document = try JSONDocument(Array(#"{"a":"x\u0000y","b":"\ud83d"}"#.utf8), limits: foreign)
    #expect(document.root["a"]?.string == "x\0y")
    #expect(document.root["b"]?.string == "\u{FFFD}")
    for text in ["{\"a\":1.}", "[01]", "[1,]", "{\"a\":1,\"a\":2}", "[\"\t\"]", "[+1]", "[.5]", "[NaN]"] {
      #expect(throws: JSONFaults.self) { try JSONDocument(Array(text.utf8), limits: foreign) }
    }
  }

  @Test("a table of thousands of floats is read whole")
  func manyFloats() throws {
    let text = "[" + (0..<5_000).map { "\($0).5e-07" }.joined(separator: ",") + "]"
    #expect(try JSONDocument(Array(text.utf8), limits: foreign).root.elements.last?.numberText == "4999.5e-07")
    #expect(throws: JSONFaults.self) { try JSONDocument(Array(text.utf8)) }
  }

  @Test(
    "a number is read to the last digit, and rounded once beyond the twelfth place",
    arguments: [
      ("0", "0"), ("-0", "0"), ("-0.0e5", "0"), ("0.0027", "0.0027"), ("1.5e-07", "0.00000015"), ("3E2", "300"),
      ("1.4e-05", "0.000014"), ("1e-12", "0.000000000001"), ("-2.50", "-2.5"), ("12e+1", "120"),
      ("0.30000000000000004", "0.3"), ("0.6619999999999999", "0.662"), ("1e25", "10000000000000000000000000"),
      // Ties to even at the twelfth place.
      ("0.0000000000005", "0"), ("0.0000000000015", "0.000000000002"), ("0.00000000000051", "0.000000000001"),
      ("5e-13", "0"), ("15e-13", "0.000000000002"), ("9e-14", "0"), ("1e-400", "0"), ("-7e-13", "-0.000000000001"),
    ])
  func amounts(text: String, expected: String) {
    #expect(Amount(number: text, rounding: .halfEven)?.description == expected)
  }

  @Test(
    "what is no number, or too large, is no amount",
    arguments: [
      "", "-", "1.", ".5", "01", "+1", "1e", "1e+", " 1", "1 ", "0x1", "1e26", "Infinity", "1e999999999999",
    ])
  func noAmounts(text: String) { #expect(Amount(number: text, rounding: .halfEven) == nil) }

  @Test("a number's amount is what its decimal text says, at random")
  func random() throws {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<2_000 {
      let units = Int128(Int64.random(in: -1_000_000_000_000_000...1_000_000_000_000_000, using: &generator))
      let amount = Amount(units: units)
      let power = Int.random(in: -12...20, using: &generator)
      #expect(Amount(number: "\(units)e-12", rounding: .down) == amount)
      // The same value, its point moved and the exponent with it.
      #expect(Amount(number: "\(amount)e0", rounding: .down) == amount)
      #expect(
        Amount(number: "\(units)\(String(repeating: "0", count: power + 12))e-\(power + 24)", rounding: .up) == amount
      )
    }
  }
}
