import Domain
import Testing

@Suite struct MoneyTests {
  private let dollar = Currency("USD")!
  private let euro = Currency("EUR")!

  @Test("money of two currencies does not add up")
  func mixing() throws {
    let one = Money(Amount(whole: 1), dollar)
    #expect(try one.adding(one) == Money(Amount(whole: 2), dollar))
    #expect(try one.subtracting(one) == Money(.zero, dollar))
    let error = try #require(throws: MoneyError.self) { try one.adding(Money(Amount(whole: 1), euro)) }
    #expect(error.code == .currencyMismatch)
  }

  @Test("a bag keeps a sum for each currency, the zero ones too")
  func bag() throws {
    var bag = MoneyBag()
    #expect(bag.isEmpty)
    try bag.add(Money(Amount(whole: 3), dollar))
    try bag.add(Money(Amount(whole: 2), euro))
    try bag.subtract(Money(Amount(whole: 3), dollar))
    #expect(bag[dollar] == .zero)
    #expect(bag[euro] == Amount(whole: 2))
    #expect(bag.totals == [Money(Amount(whole: 2), euro), Money(.zero, dollar)])
    try bag.add(Money(.largest, euro).negated)
    #expect(throws: MoneyError.self) { try bag.subtract(Money(Amount(whole: 3), euro)) }
    #expect(bag[euro] == Amount(units: 2_000_000_000_000 - Amount.largest.units))
  }

  @Test("money is written as amount and currency and read back")
  func json() throws {
    let money = Money(try #require(Amount("-0.00123")), dollar)
    var bytes: [UInt8] = []
    money.appendCanonical(to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == #"{"amount":"-0.00123","currency":"USD"}"#)
    #expect(Money(money.json) == money)
  }

  @Test(
    "what is not exactly amount and currency is no money",
    arguments: [
      .null, .text("1 USD"), .object(["amount": .text("1")]), .object(["currency": .text("USD")]),
      .object(["amount": .integer(1), "currency": .text("USD")]),
      .object(["amount": .text("1.0e0"), "currency": .text("USD")]),
      .object(["amount": .text("1"), "currency": .text("XXX")]),
      .object(["amount": .text("1"), "currency": .text("USD"), "note": .text("more")]),
    ] as [JSON])
  func noMoney(json: JSON) {
    #expect(Money(json) == nil)
  }
}
