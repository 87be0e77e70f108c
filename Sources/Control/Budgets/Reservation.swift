public import Domain

/// What one decision holds until its call is settled, or it expires.
public struct Reservation: Sendable, Equatable {
  /// What it holds of one counter.
  struct Line: Sendable, Equatable {
    /// The budget's number.
    var budget: Int32
    var key: ExactText
    var window: BudgetWindow
    /// Zero for tokens.
    var amount: Amount
    /// Counted when decided; zero for money.
    var tokens: Int64
  }

  /// The decision's id: the call's subject is `call/<id>`.
  public var decision: String
  /// The owner who asked: nobody else settles it.
  public var owner: String
  /// When it was decided: it counts in the windows of this moment.
  public var decidedAt: Timestamp
  /// When it ends by itself.
  public var expiresAt: Timestamp
  var lines: [Line]
}
