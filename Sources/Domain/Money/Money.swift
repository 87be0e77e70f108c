/// An exact amount of one currency; sums never mix currencies.
public struct Money: Hashable, Sendable, CustomStringConvertible {
  /// How much.
  public let amount: Amount
  /// Of what.
  public let currency: Currency

  /// Makes money.
  public init(_ amount: Amount, _ currency: Currency) {
    self.amount = amount
    self.currency = currency
  }

  /// `0.00123 USD`.
  public var description: String { "\(amount) \(currency)" }

  /// The sum of two amounts of one currency.
  ///
  /// - Throws: `currencyMismatch`, `overflow`.
  public func adding(_ other: Money) throws(MoneyError) -> Money {
    guard currency == other.currency else {
      throw MoneyError(.currencyMismatch, "\(currency) and \(other.currency) do not add up")
    }
    return Money(try amount.adding(other.amount), currency)
  }

  /// The difference of two amounts of one currency.
  ///
  /// - Throws: `currencyMismatch`, `overflow`.
  public func subtracting(_ other: Money) throws(MoneyError) -> Money {
    try adding(other.negated)
  }

  /// The amount with the other sign.
  public var negated: Money { Money(amount.negated, currency) }
}

extension Money {
  /// Reads `{"amount": "0.00123", "currency": "USD"}`; nil for anything else, further members included.
  public init?(_ json: JSON) {
    guard case .object(let members) = json, members.count == 2,
      let amount = json["amount"]?.string.flatMap({ Amount($0) }),
      let currency = json["currency"]?.string.flatMap({ Currency($0) })
    else { return nil }
    self.init(amount, currency)
  }

  /// Reads `{"amount": "0.00123", "currency": "USD"}` where it was scanned; nil for anything else.
  public init?(_ view: JSONView) {
    guard let amount = view["amount"]?.string.flatMap({ Amount($0) }),
      let currency = view["currency"]?.string.flatMap({ Currency($0) }), view.count == 2
    else { return nil }
    self.init(amount, currency)
  }

  /// `{"amount": "0.00123", "currency": "USD"}`.
  public var json: JSON {
    .object(["amount": .text(amount.description), "currency": .text(currency.code)])
  }

  /// Appends the RFC 8785 form of `json`, for hot paths.
  public func appendCanonical(to bytes: inout [UInt8]) {
    bytes.append(literal: "{\"amount\":\"")
    amount.append(to: &bytes)
    bytes.append(literal: "\",\"currency\":\"")
    currency.append(to: &bytes)
    bytes.append(literal: "\"}")
  }
}
