/// What one call does to one counter of one budget: a line of `derived.budget`.
public struct SpendCharge: Sendable, Equatable {
  /// How the amount was found.
  public enum Basis: String, Sendable, Hashable, CaseIterable {
    /// What the call cost.
    case actual
    /// What had been reserved, or the budget's worst case, as the cost is not known.
    case assumed
    /// Nothing: the cost is not known, and nothing stands for it.
    case unknown
  }

  /// The budget's id.
  public var budget: String
  /// The counter within the budget, such as a user's token.
  public var key: ExactText
  /// The window that it counts in.
  public var window: BudgetWindow
  /// What is booked as spent; nil for a limit of tokens.
  public var amount: Money?
  /// How the amount was found; nil for a limit of tokens.
  public var basis: Basis?
  /// The part of a reservation that ends with this line, of the amount's currency; nil where none ends.
  public var released: Amount?
  /// Tokens that a limit of tokens counts; nil for money.
  public var tokens: Int64?

  /// A line about money.
  public init(
    budget: String, key: ExactText, window: BudgetWindow, amount: Money, basis: Basis, released: Amount? = nil
  ) {
    self.budget = budget
    self.key = key
    self.window = window
    self.amount = amount
    self.basis = basis
    self.released = released
  }

  /// A line about tokens.
  public init(budget: String, key: ExactText, window: BudgetWindow, tokens: Int64) {
    self.budget = budget
    self.key = key
    self.window = window
    self.tokens = tokens
  }

  /// What the reservation did not cover; nil where none ended, or it covered all.
  public var overrun: Amount? {
    guard let amount, let released, amount.amount > released else { return nil }
    return try? amount.amount.subtracting(released)
  }
}

extension SpendCharge {
  /// Reads a line; nil where it is none.
  public init?(_ json: JSON) {
    guard let budget = json["budget"]?.string, let key = json["key"]?.string,
      let window = json["window"]?.string.flatMap({ BudgetWindow($0) })
    else { return nil }
    if let tokens = json["tokens"]?.integer {
      self.init(budget: budget, key: ExactText(key), window: window, tokens: tokens)
      return
    }
    guard let amount = json["amount"]?.string.flatMap({ Amount($0) }),
      let currency = json["currency"]?.string.flatMap({ Currency($0) }),
      let basis = json["basis"]?.string.flatMap(Basis.init(rawValue:))
    else { return nil }
    var released: Amount?
    if let text = json["released"]?.string {
      guard let amount = Amount(text) else { return nil }
      released = amount
    }
    self.init(
      budget: budget, key: ExactText(key), window: window, amount: Money(amount, currency), basis: basis,
      released: released)
  }

  /// Appends the RFC 8785 form: `{"amount", "basis", "budget", "currency", "key", "overrun", "released", "tokens",
  /// "window"}`, each where it applies.
  public func appendCanonical(to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "{"))
    if let amount, let basis {
      bytes.append(literal: "\"amount\":\"")
      amount.amount.append(to: &bytes)
      bytes.append(literal: "\",\"basis\":\"")
      bytes.append(contentsOf: basis.rawValue.utf8)
      bytes.append(literal: "\",")
    }
    bytes.append(literal: "\"budget\":")
    JSONWriter.appendString(budget, to: &bytes)
    if let amount {
      bytes.append(literal: ",\"currency\":\"")
      amount.currency.append(to: &bytes)
      bytes.append(UInt8(ascii: "\""))
    }
    bytes.append(literal: ",\"key\":")
    JSONWriter.appendString(key.string, to: &bytes)
    if let overrun { Self.append(",\"overrun\":\"", overrun, to: &bytes) }
    if let released { Self.append(",\"released\":\"", released, to: &bytes) }
    if let tokens {
      bytes.append(literal: ",\"tokens\":")
      JSONWriter.appendInteger(tokens, to: &bytes)
    }
    bytes.append(literal: ",\"window\":\"")
    window.append(to: &bytes)
    bytes.append(literal: "\"}")
  }

  private static func append(_ name: StaticString, _ amount: Amount, to bytes: inout [UInt8]) {
    bytes.append(literal: name)
    amount.append(to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }
}
