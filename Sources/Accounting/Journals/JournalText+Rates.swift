import Domain

extension JournalText {
  /// Appends a rate of exchange: a market price (`P`) in hledger, a `price` in beancount. Of several for a pair and day
  /// both tools take the last one in the file, as books take the last one in the log.
  public mutating func append(_ rate: ListedRate, to bytes: inout [UInt8]) {
    switch dialect {
    case .hledger:
      bytes.append(literal: "P ")
      rate.day.append(to: &bytes)
      bytes.append(0x20)
      Self.appendPrice(rate, to: &bytes)
      bytes.append(literal: "  ; position:")
      JSONWriter.appendInteger(rate.position, to: &bytes)
      bytes.append(literal: ", receipt:")
      bytes.append(contentsOf: rate.receipt)
      bytes.append(literal: "\n\n")
      priced.formUnion([rate.base, rate.price.currency])
    case .beancount:
      rate.day.append(to: &bytes)
      bytes.append(literal: " price ")
      Self.appendPrice(rate, to: &bytes)
      bytes.append(literal: "\n  position: ")
      JSONWriter.appendInteger(rate.position, to: &bytes)
      bytes.append(literal: "\n  receipt: \"")
      bytes.append(contentsOf: rate.receipt)
      bytes.append(literal: "\"\n\n")
    }
  }

  private static func appendPrice(_ rate: ListedRate, to bytes: inout [UInt8]) {
    rate.base.append(to: &bytes)
    bytes.append(0x20)
    rate.price.amount.append(to: &bytes)
    bytes.append(0x20)
    rate.price.currency.append(to: &bytes)
  }
}
