public import Domain

/// Sums of what a re-rating changes, by currency.
public struct RerateTotals: Sendable, Equatable {
  /// One currency's sums.
  public struct Row: Sendable, Equatable {
    /// Of which currency.
    public var currency: Currency
    /// Calls with a figure in it.
    public var calls: Int64
    /// What was booked.
    public var before: Amount
    /// What is booked instead.
    public var after: Amount
  }

  /// In the order of codes.
  public private(set) var rows: [Row] = []

  /// No sums.
  public init() {}

  /// Adds a call: what was booked of it, where something was, and what is booked instead.
  public mutating func add(before: Money?, after: Money) {
    let place = place(of: after.currency)
    rows[place].calls += 1
    rows[place].after = rows[place].after.plus(after.amount)
    guard let before else { return }
    let other = before.currency == after.currency ? place : self.place(of: before.currency)
    if before.currency != after.currency { rows[other].calls += 1 }
    rows[other].before = rows[other].before.plus(before.amount)
  }

  private mutating func place(of currency: Currency) -> Int {
    if let place = rows.firstIndex(where: { $0.currency == currency }) { return place }
    let place = rows.firstIndex { $0.currency > currency } ?? rows.count
    rows.insert(Row(currency: currency, calls: 0, before: .zero, after: .zero), at: place)
    return place
  }

  /// `[{"currency", "calls", "before", "after"}]`.
  public var json: JSON { .array(rows.map(\.json)) }

  /// Reads what `json` writes.
  public init?(_ json: JSON) {
    guard let elements = json.elements else { return nil }
    for element in elements {
      guard let currency = element["currency"]?.string.flatMap({ Currency($0) }),
        let calls = element["calls"]?.integer, let before = element["before"]?.string.flatMap({ Amount($0) }),
        let after = element["after"]?.string.flatMap({ Amount($0) })
      else { return nil }
      rows.append(Row(currency: currency, calls: calls, before: before, after: after))
    }
  }
}

extension RerateTotals.Row {
  /// `{"currency", "calls", "before", "after"}`.
  public var json: JSON {
    .object([
      "currency": .text(currency.code), "calls": .integer(calls), "before": .text(before.description),
      "after": .text(after.description),
    ])
  }

  /// How much more, or less, is booked.
  var difference: Amount { after.plus(before.negated) }
}
