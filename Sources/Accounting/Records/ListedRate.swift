public import Domain

/// An exchange rate that was listed: one of the base currency is so many of the quote, from a day on.
public struct ListedRate {
  /// The event's type.
  public static let type = "rate.listed"

  /// The first day that it holds.
  public var day: CivilDate
  /// The currency whose price it is.
  public var base: Currency
  /// What one of it costs.
  public var price: Money
  /// Place of the event in the ledger. Of several rates for a day and pair, the last one counts.
  public var position: Int64
  /// The event's receipt id, as in ``AccountingRecord/receipt``.
  public var receipt: [UInt8]

  /// Reads a record of this type.
  ///
  /// - Throws: `unreadable`.
  public init(_ record: AccountingRecord) throws(AccountingError) {
    guard let base = record.data["base"]?.string.flatMap({ Currency($0) }),
      let quote = record.data["quote"]?.string.flatMap({ Currency($0) }),
      let rate = record.data["rate"]?.string.flatMap({ Amount($0) }),
      let day = record.derived?["valid_from"]?.string.flatMap({ CivilDate($0) })
    else {
      throw AccountingError(.unreadable, at: record.position, "a rate lacks its currencies, its rate or its day")
    }
    self.day = day
    self.base = base
    price = Money(rate, quote)
    position = record.position
    receipt = record.receipt
  }
}
