import Domain

/// A cost spread in equal shares over the days of its period.
enum Accrual {
  /// The days with their parts, ascending.
  ///
  /// Equal weights, so the largest remainders are all alike and the earliest days get the units that are left over. A day
  /// before `notBefore` is posted on it.
  static func days(
    of amount: Amount, from: CivilDate, through: CivilDate, notBefore: CivilDate?
  ) -> [(day: CivilDate, amount: Amount)] {
    let count = through.daysSince1970 - from.daysSince1970 + 1
    let (share, rest) = amount.units.quotientAndRemainder(dividingBy: Int128(count))
    let step: Int128 = amount.isNegative ? -1 : 1
    var days: [(day: CivilDate, amount: Amount)] = []
    for index in 0..<count {
      let part = share + (Int128(index) < Int128(rest.magnitude) ? step : 0)
      let own = from.advanced(byDays: index)
      let day = max(own, notBefore ?? own)
      if let last = days.last, last.day == day {
        days[days.count - 1].amount = Amount(units: last.amount.units + part)
      } else {
        days.append((day, Amount(units: part)))
      }
    }
    return days
  }
}
