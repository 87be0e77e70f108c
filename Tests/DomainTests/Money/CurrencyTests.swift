import Domain
import Testing

@Suite struct CurrencyTests {
  @Test(
    "codes of the current list are taken, with the places of their minor units",
    arguments: [
      ("USD", 2), ("EUR", 2), ("JPY", 0), ("KWD", 3), ("BHD", 3), ("CLF", 4), ("UYW", 4), ("ISK", 0), ("XAU", nil),
      ("XDR", nil), ("CHE", 2), ("BOV", 2), ("USN", 2), ("MXV", 2), ("COU", 2), ("UYI", 0), ("XCG", 2), ("ZWG", 2),
      ("SLE", 2), ("VED", 2), ("XOF", 0), ("MRU", 2), ("IQD", 3), ("VND", 0), ("HUF", 2), ("XSU", nil), ("XUA", nil),
    ] as [(String, Int?)])
  func takes(code: String, places: Int?) throws {
    let currency = try #require(Currency(code))
    #expect(currency.code == code)
    #expect(currency.minorUnitPlaces == places)
    var bytes: [UInt8] = []
    currency.append(to: &bytes)
    #expect(bytes == Array(code.utf8))
  }

  @Test(
    "what is no currency of the list is refused",
    arguments: [
      "", "US", "USDD", "usd", "Usd", "XXX", "XTS", "HRK", "BGN", "ANG", "CUC", "SLL", "ZWL", "DEM", "BTC", "ABC",
      "U D",
      "ＵＳＤ", "US\u{0}", "€", "A\u{300}B",
    ])
  func refuses(code: String) {
    #expect(Currency(code) == nil)
  }

  @Test("the list is whole and in order")
  func list() {
    let codes = Currency.all.map(\.code)
    #expect(codes.count == 176)
    #expect(codes == codes.sorted())
    #expect(Set(codes).count == codes.count)
    #expect(Currency.all == Currency.all.sorted())
  }
}
