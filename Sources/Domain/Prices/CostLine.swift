/// What one usage class of one completion cost, with the price that was used.
public struct CostLine: Sendable, Hashable {
  /// The class that was used.
  public let usageClass: UsageClass
  /// How much of it.
  public let quantity: Int64
  /// The price in force; of the output class where reasoning has none of its own.
  public let price: Price
  /// Quantity × price ÷ per, rounded half-even at the twelfth place; of the price's currency.
  public let amount: Amount

  /// Computes a line.
  ///
  /// - Throws: `overflow`; `badDivisor` where the price is not for at least one unit.
  public init(_ usageClass: UsageClass, quantity: Int64, price: Price) throws(MoneyError) {
    self.usageClass = usageClass
    self.quantity = quantity
    self.price = price
    amount = try price.cost(of: quantity).amount
  }

  /// `{"amount", "class", "per", "price", "price_id", "quantity"}`; the currency stands beside the lines, in `cost`.
  public var json: JSON {
    .object([
      "amount": .text(amount.description),
      "class": .text(usageClass.rawValue),
      "per": .integer(price.per),
      "price": .text(price.price.amount.description),
      "price_id": .integer(price.id),
      "quantity": .integer(quantity),
    ])
  }

  /// Appends the RFC 8785 form of `json`, for hot paths.
  public func appendCanonical(to bytes: inout [UInt8]) {
    bytes.append(literal: "{\"amount\":\"")
    amount.append(to: &bytes)
    bytes.append(literal: "\",\"class\":\"")
    bytes.append(contentsOf: usageClass.rawValue.utf8)
    bytes.append(literal: "\",\"per\":")
    JSONWriter.appendInteger(price.per, to: &bytes)
    bytes.append(literal: ",\"price\":\"")
    price.price.amount.append(to: &bytes)
    bytes.append(literal: "\",\"price_id\":")
    JSONWriter.appendInteger(price.id, to: &bytes)
    bytes.append(literal: ",\"quantity\":")
    JSONWriter.appendInteger(quantity, to: &bytes)
    bytes.append(UInt8(ascii: "}"))
  }
}
