public import Domain

/// What an allowed decision reserves on one counter of one budget: an element of `derived.reservations`.
public struct PlannedReservation: Sendable, Equatable {
  /// The budget's id.
  public var budget: String
  /// The counter within the budget, such as a user's token.
  public var key: ExactText
  /// The window that it counts in.
  public var window: BudgetWindow
  /// What is reserved; nil for a limit of tokens.
  public var amount: Money?
  /// Tokens that are counted; nil for money.
  public var tokens: Int64?
  /// When it ends by itself.
  public var expiresAt: Timestamp

  /// Makes a reservation.
  public init(
    budget: String, key: ExactText, window: BudgetWindow, amount: Money?, tokens: Int64? = nil, expiresAt: Timestamp
  ) {
    self.budget = budget
    self.key = key
    self.window = window
    self.amount = amount
    self.tokens = tokens
    self.expiresAt = expiresAt
  }

  /// Reads an element; nil where it is none.
  public init?(_ json: JSON) {
    guard let budget = json["budget"]?.string, let key = json["key"]?.string,
      let window = json["window"]?.string.flatMap({ BudgetWindow($0) }),
      let expiresAt = json["expires_at"]?.string.flatMap({ Timestamp(rfc3339: $0) })
    else { return nil }
    let amount = json["amount"].flatMap { Money($0) }
    let tokens = json["tokens"]?.integer
    guard (amount == nil) != (tokens == nil) else { return nil }
    self.init(
      budget: budget, key: ExactText(key), window: window, amount: amount, tokens: tokens, expiresAt: expiresAt)
  }

  /// `{"budget", "key", "window", "amount" or "tokens", "expires_at"}`.
  public var json: JSON {
    .object([
      "amount": amount?.json, "budget": .text(budget), "expires_at": .text(expiresAt.description),
      "key": .string(key), "tokens": tokens.map(JSON.integer), "window": .text(window.description),
    ])
  }
}
