/// What a price does to the one that was in force before it.
public enum PriceStep: String, Sendable, Hashable, CaseIterable {
  /// There was none.
  case new
  /// The same price for a unit, however it is written.
  case unchanged
  /// Dearer, less than 10 times.
  case raised
  /// Cheaper, less than 10 times.
  case cut
  /// 10 times as dear or more; also from free, which is more than any number of times.
  case raisedTenfold = "raised_tenfold"
  /// A tenth or less; also to free.
  case cutTenfold = "cut_tenfold"
  /// Of another currency: the two have no order.
  case otherCurrency = "other_currency"

  /// True where a human must look at it first: most changes of that size are errors of units.
  public var isHeld: Bool {
    switch self {
    case .raisedTenfold, .cutTenfold, .otherCurrency: true
    case .new, .unchanged, .raised, .cut: false
    }
  }

  /// Compares two prices, each of so many units; exact.
  ///
  /// - Parameters:
  ///   - price: not below zero.
  ///   - before: what was in force; nil: nothing.
  public init(_ price: Money, per: Int64, after before: (price: Money, per: Int64)?) {
    guard let before else {
      self = .new
      return
    }
    guard price.currency == before.price.currency else {
      self = .otherCurrency
      return
    }
    // Price a / per p against price b / per q: a·q against b·p.
    let new = Product(price.amount, before.per)
    let old = Product(before.price.amount, per)
    if new == old {
      self = .unchanged
    } else if old < new {
      self = Product(before.price.amount, per, tenfold: true) <= new ? .raisedTenfold : .raised
    } else {
      self = Product(price.amount, before.per, tenfold: true) <= old ? .cutTenfold : .cut
    }
  }

  /// An amount times a count, in full: up to 127 bits times 63, and ten times that.
  private struct Product: Comparable {
    var high: UInt128
    var low: UInt128

    init(_ amount: Amount, _ count: Int64, tenfold: Bool = false) {
      // Ten times a count takes 67 bits.
      let factor = UInt128(count.magnitude) * (tenfold ? 10 : 1)
      (high, low) = amount.units.magnitude.multipliedFullWidth(by: factor)
    }

    static func < (left: Self, right: Self) -> Bool {
      left.high != right.high ? left.high < right.high : left.low < right.low
    }
  }
}

extension PriceStep {
  /// What a listed price does to the one in force before it.
  public init(_ price: Price, after before: Price?) {
    self.init(price.price, per: price.per, after: before.map { ($0.price, $0.per) })
  }
}
