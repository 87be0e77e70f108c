public import Domain

/// A fact that has money: the event itself, or the one that a correction carries along.
public struct Fact {
  /// The types that post money.
  public enum Kind: Sendable {
    /// `completion.recorded`
    case completion
    /// `cost.incurred`
    case cost
    /// `revenue.earned`
    case revenue

    init?(_ type: String) {
      switch type {
      case "completion.recorded": self = .completion
      case "cost.incurred": self = .cost
      case "revenue.earned": self = .revenue
      default: return nil
      }
    }

    /// The event's type.
    public var type: String {
      switch self {
      case .completion: "completion.recorded"
      case .cost: "cost.incurred"
      case .revenue: "revenue.earned"
      }
    }
  }

  /// Which type it is.
  public var kind: Kind
  /// Its position.
  public var position: Int64
  /// What its producer said.
  public var data: JSONView
  /// What the ledger concluded then.
  public var derived: JSONView?

  /// The money that it booked itself; nil for a completion whose cost is not known.
  ///
  /// - Throws: `unreadable`.
  func money() throws(AccountingError) -> Money? {
    switch kind {
    case .completion:
      guard let cost = derived?["cost"] else { return nil }
      return try Self.money(cost, position)
    case .cost: return try Self.money(data["cost"], position)
    case .revenue: return try Self.money(data["revenue"], position)
    }
  }

  static func money(_ view: JSONView?, _ position: Int64) throws(AccountingError) -> Money {
    guard let view, let money = Money(view) else {
      throw AccountingError(.unreadable, at: position, "an amount is missing or is none")
    }
    return money
  }

  /// The text of a member; nil where there is none.
  public subscript(member: String) -> ExactText? { data[member]?.exactText }

  /// A member that is a text, where it stands; nil where there is none.
  func text(_ member: String) -> JSONView? {
    guard let view = data[member], view.kind == .string else { return nil }
    return view
  }

  /// The text of a member that every fact of this type has.
  ///
  /// - Throws: `unreadable`.
  public func required(_ member: String) throws(AccountingError) -> ExactText {
    guard let text = data[member]?.exactText else {
      throw AccountingError(.unreadable, at: position, "\(member) is missing")
    }
    return text
  }
}
