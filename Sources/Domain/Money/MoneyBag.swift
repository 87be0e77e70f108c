/// Sums by currency, which never mix.
public struct MoneyBag: Sendable, Hashable {
  private var amounts: [Currency: Amount] = [:]

  /// An empty bag.
  public init() {}

  /// Adds money to the sum of its currency.
  ///
  /// - Throws: `overflow`; the bag is unchanged then.
  public mutating func add(_ money: Money) throws(MoneyError) {
    amounts[money.currency] = try self[money.currency].adding(money.amount)
  }

  /// Takes money from the sum of its currency, which may fall below zero.
  ///
  /// - Throws: `overflow`; the bag is unchanged then.
  public mutating func subtract(_ money: Money) throws(MoneyError) {
    try add(money.negated)
  }

  /// The sum of a currency; zero for one that was never added.
  public subscript(currency: Currency) -> Amount { amounts[currency] ?? .zero }

  /// The sums in the order of their codes; a currency that was added stays, though its sum may be zero.
  public var totals: [Money] {
    amounts.sorted { $0.key < $1.key }.map { Money($0.value, $0.key) }
  }

  /// True where nothing was ever added.
  public var isEmpty: Bool { amounts.isEmpty }
}
