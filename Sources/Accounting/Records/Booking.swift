public import Domain

/// One signed booking of a fact's money, with the days that it falls on: the one reading of the log that books share.
public struct Booking {
  /// What it is for.
  public var fact: Fact
  /// What is booked, in the sign in which it is booked: a reversal of a cost is below zero.
  public var money: Money
  /// The days and their parts, ascending; the parts add up to `money`.
  public var days: [(day: CivilDate, amount: Amount)]
  /// True for what takes back or restates an earlier booking.
  public var isCorrection: Bool
}

extension AccountingRecord {
  /// The bookings that this record makes; none for an unpriced completion and for what has no money.
  ///
  /// - Throws: `unreadable`.
  public func bookings() throws(AccountingError) -> [Booking] {
    if let kind = Fact.Kind(type) {
      let fact = Fact(kind: kind, position: position, data: data, derived: derived)
      guard let money = try fact.money() else { return [] }
      return [try booking(fact, money, isCorrection: false)]
    }
    switch type {
    case "entry.reversed":
      let fact = try carried("reversed")
      var booked = try fact.money()
      if let effective = derived?["effective"] { booked = try Fact.money(effective, position) }
      guard let money = booked else { return [] }
      return [try booking(fact, money.negated, isCorrection: true)]
    case "cost.restated", "entry.adjusted":
      let fact = try carried("entry")
      var bookings: [Booking] = []
      if let before = derived?["before"], before.kind != .null {
        bookings.append(try booking(fact, try Fact.money(before, position).negated, isCorrection: true))
      }
      if let after = derived?["after"], after.kind != .null {
        bookings.append(try booking(fact, try Fact.money(after, position), isCorrection: true))
      }
      return bookings
    default: return []
    }
  }

  /// The fact that a correction carries along: `{type, position, data, derived}`.
  private func carried(_ member: String) throws(AccountingError) -> Fact {
    guard let entry = derived?[member], let kind = Fact.Kind(entry["type"]?.string ?? ""),
      let place = entry["position"]?.integer, let data = entry["data"]
    else { throw AccountingError(.unreadable, at: position, "the entry that it corrects is missing") }
    return Fact(kind: kind, position: place, data: data, derived: entry["derived"])
  }

  private func booking(_ fact: Fact, _ money: Money, isCorrection: Bool) throws(AccountingError) -> Booking {
    let days: [(day: CivilDate, amount: Amount)]
    if fact.kind == .cost, let accrual = fact.derived?["accrual"] {
      let from = try Self.day(accrual["from"], position)
      let through = try Self.day(accrual["through"], position)
      // Of two first open days the later one holds: a correction may come after another month was closed.
      var notBefore: CivilDate?
      if let first = accrual["not_before"] { notBefore = try Self.day(first, position) }
      if isCorrection, let later = derived?["not_before"] {
        let later = try Self.day(later, position)
        notBefore = max(notBefore ?? later, later)
      }
      guard through >= from, through.daysSince1970 - from.daysSince1970 <= 36_600 else {
        throw AccountingError(.unreadable, at: position, "its accrual ends before it begins, or after a century")
      }
      days = Accrual.days(of: money.amount, from: from, through: through, notBefore: notBefore)
    } else {
      days = [(try Self.day(derived?["posting_date"], position), money.amount)]
    }
    return Booking(fact: fact, money: money, days: days, isCorrection: isCorrection)
  }

  private static func day(_ view: JSONView?, _ position: Int64) throws(AccountingError) -> CivilDate {
    guard let day = view?.string.flatMap({ CivilDate($0) }) else {
      throw AccountingError(.unreadable, at: position, "a day is missing or is none")
    }
    return day
  }
}
