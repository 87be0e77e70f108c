import Domain
import Testing

@testable import Accounting

/// Rates of exchange in journals, worked by hand.
@Suite struct ListedRateTests {
  private func text(_ dialect: JournalText.Dialect) throws -> String {
    var text = JournalText(dialect, ledger: "main")
    var bytes: [UInt8] = []
    // The day is the one that the ledger concluded, not that of valid_from: its month was closed.
    let listed = try record(
      12, "rate.listed",
      #"{"base":"EUR","quote":"JPY","rate":"155.003","valid_from":"2026-01-31T00:00:00.000000Z"}"#,
      derived: #"{"valid_from":"2026-02-01"}"#)
    text.append(try ListedRate(listed), to: &bytes)
    text.appendFooter(unpriced: 0, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private static let leaf = String(repeating: "ab", count: 32)

  @Test func hledgerHasMarketPrices() throws {
    #expect(
      try text(.hledger) == """
        P 2026-02-01 EUR 155.003 JPY  ; position:12, receipt:main/12/\(Self.leaf)

        commodity 1000.000000000000 EUR
        commodity 1000.000000000000 JPY

        """)
  }

  @Test func beancountHasPrices() throws {
    #expect(
      try text(.beancount) == """
        2026-02-01 price EUR 155.003 JPY
          position: 12
          receipt: "main/12/\(Self.leaf)"


        """)
  }

  @Test func aRateWithoutADayIsNoRate() throws {
    let broken = try record(3, "rate.listed", #"{"base":"EUR","quote":"USD","rate":"1.1"}"#, derived: "{}")
    #expect(throws: AccountingError.self) { _ = try ListedRate(broken) }
  }
}
