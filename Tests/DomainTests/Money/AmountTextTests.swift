import Domain
import Testing

@Suite struct AmountTextTests {
  @Test(
    "a decimal string is read exactly and printed without trailing zeros",
    arguments: [
      ("0", 0, "0"), ("0.0", 0, "0"), ("0.000000000000", 0, "0"), ("1", 1_000_000_000_000, "1"),
      ("-1.5", -1_500_000_000_000, "-1.5"), ("0.000000000001", 1, "0.000000000001"),
      ("-0.000000000001", -1, "-0.000000000001"), ("10.10", 10_100_000_000_000, "10.1"),
      ("100", 100_000_000_000_000, "100"), ("0.104534631", 104_534_631_000, "0.104534631"),
      ("1200.000000000120", 1_200_000_000_000_120, "1200.00000000012"),
      ("18446744.073709551615", Int128(UInt64.max), "18446744.073709551615"),
      ("18446744.073709551616", Int128(UInt64.max) + 1, "18446744.073709551616"),
      ("18446744073709551615", Int128(UInt64.max) * 1_000_000_000_000, "18446744073709551615"),
      (
        "18446744073709551616.5", (Int128(UInt64.max) + 1) * 1_000_000_000_000 + 500_000_000_000,
        "18446744073709551616.5"
      ),
      (
        "99999999999999999999999999.999999999999", 99_999_999_999_999_999_999_999_999_999_999_999_999,
        "99999999999999999999999999.999999999999"
      ),
      (
        "-99999999999999999999999999.999999999999", -99_999_999_999_999_999_999_999_999_999_999_999_999,
        "-99999999999999999999999999.999999999999"
      ),
      (
        "10000000000000000000000000", 10_000_000_000_000_000_000_000_000_000_000_000_000,
        "10000000000000000000000000"
      ),
    ] as [(String, Int128, String)])
  func reads(text: String, units: Int128, printed: String) throws {
    let amount = try #require(Amount(text))
    #expect(amount.units == units)
    #expect(amount.description == printed)
    var bytes: [UInt8] = [0x21]
    amount.append(to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == "!" + printed)
    #expect(Amount(ascii: Array(text.utf8)) == amount)
    // A collection without contiguous storage takes the other way in.
    #expect(Amount(ascii: Array(text.utf8.reversed()).reversed() as ReversedCollection) == amount)
  }

  @Test(
    "anything but a plain decimal string is refused",
    arguments: [
      "", "-", "+1", "-0", "-0.0", "-0.000000000000", "00", "01", "-01", "007.5", ".5", "1.", "-.5", "1..2", "1.2.3",
      "1e2", "1E2", " 1", "1 ", "1,5", "1_000", "0x10", "NaN", "Infinity", "--1", "1-", "１", "٣", "1\u{0}",
      "0.0000000000001", "0.0000000000000", "100000000000000000000000000", "999999999999999999999999999.9",
      "99999999999999999999999999.9999999999999", "000000000000000000000000000000000000000000000000000000000001",
    ])
  func refuses(text: String) {
    #expect(Amount(text) == nil)
  }

  @Test("printing and reading agree for random amounts of every size")
  func roundTrips() throws {
    let seed: UInt64 = .random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<5_000 {
      let digits = Int.random(in: 1...38, using: &random)
      var units: Int128 = 0
      for _ in 0..<digits { units = units * 10 + Int128.random(in: 0...9, using: &random) }
      if Bool.random(using: &random) { units = -units }
      let amount = Amount(units: units)
      // The text by other means: digits padded to thirteen places, point set, zeros trimmed.
      var text = String(units.magnitude)
      text = String(repeating: "0", count: max(0, 13 - text.count)) + text
      let point = text.index(text.endIndex, offsetBy: -12)
      text = text[..<point] + "." + text[point...]
      while text.last == "0" { text.removeLast() }
      if text.last == "." { text.removeLast() }
      if units < 0 { text = "-" + text }
      #expect(amount.description == text, "seed \(seed)")
      #expect(Amount(text) == amount, "seed \(seed)")
    }
  }

  @Test("amounts beyond 26 digits before the point do not exist")
  func range() {
    #expect(Amount(exactly: Amount.largest.units) == .largest)
    #expect(Amount(exactly: Amount.largest.units + 1) == nil)
    #expect(Amount(exactly: -Amount.largest.units - 1) == nil)
    #expect(Amount(exactly: .max) == nil)
    #expect(Amount(exactly: .min) == nil)
    #expect(Amount(whole: -50).description == "-50")
  }
}
