extension Amount {
  /// The sum.
  ///
  /// - Throws: `overflow`.
  public func adding(_ other: Amount) throws(MoneyError) -> Amount {
    // Two magnitudes below 10^38 add up to one below 2 * 10^38, which can pass Int128's 1.7 * 10^38.
    let (sum, overflows) = units.addingReportingOverflow(other.units)
    guard !overflows, let amount = Amount(exactly: sum) else { throw .overflow }
    return amount
  }

  /// The difference.
  ///
  /// - Throws: `overflow`.
  public func subtracting(_ other: Amount) throws(MoneyError) -> Amount {
    try adding(other.negated)
  }

  /// The amount with the other sign; never overflows.
  public var negated: Amount { Amount(units: -units) }

  /// The amount without its sign.
  public var magnitude: Amount { isNegative ? negated : self }

  /// The exact product with a whole number.
  ///
  /// - Throws: `overflow`.
  public func multiplied(by factor: Int64) throws(MoneyError) -> Amount {
    let (product, overflows) = units.multipliedReportingOverflow(by: Int128(factor))
    guard !overflows, let amount = Amount(exactly: product) else { throw .overflow }
    return amount
  }

  /// `self` × `quantity` ÷ `per`, rounded once, at the twelfth place.
  ///
  /// The product is kept in full before the division, so only the result must fit.
  ///
  /// - Parameters:
  ///   - quantity: any whole number.
  ///   - per: how many units the price is for, at least 1.
  ///   - rounding: half-even is the rule of cost lines.
  /// - Throws: `overflow`, `badDivisor`.
  public func multiplied(
    by quantity: Int64, per: Int64, rounding: RoundingRule = .halfEven
  ) throws(MoneyError) -> Amount {
    guard per > 0 else { throw MoneyError(.badDivisor, "a price is for at least one unit") }
    let isNegative = (units < 0) != (quantity < 0)
    let divisor = UInt64(per)
    let (quotient, remainder) = try WideRatio.divide(units.magnitude, times: quantity.magnitude, by: divisor)
    var magnitude = quotient
    if rounding.roundsAwayFromZero(
      quotient: quotient, remainder: UInt128(remainder), divisor: UInt128(divisor), isNegative: isNegative)
    {
      magnitude += 1
    }
    guard magnitude <= Self.largestMagnitude else { throw .overflow }
    return Amount(units: isNegative ? -Int128(magnitude) : Int128(magnitude))
  }

  /// The amount brought to fewer decimal places by a named rule.
  ///
  /// - Parameter places: 0 to 12.
  /// - Throws: `overflow` where rounding up leaves the range.
  public func rounded(toPlaces places: Int, _ rule: RoundingRule) throws(MoneyError) -> Amount {
    precondition((0...Self.places).contains(places), "an amount has 0 to 12 places")
    var step: UInt128 = 1
    for _ in places..<Self.places { step *= 10 }
    var (quotient, remainder) = units.magnitude.quotientAndRemainder(dividingBy: step)
    if rule.roundsAwayFromZero(quotient: quotient, remainder: remainder, divisor: step, isNegative: isNegative) {
      quotient += 1
    }
    let magnitude = quotient * step
    guard magnitude <= Self.largestMagnitude else { throw .overflow }
    return Amount(units: isNegative ? -Int128(magnitude) : Int128(magnitude))
  }
}

/// The quotient of a product that may need 192 bits, limb by limb.
enum WideRatio {
  /// `magnitude` × `factor` ÷ `divisor`, cut off, with the remainder.
  ///
  /// - Throws: `overflow` where the quotient needs more than 128 bits.
  static func divide(
    _ magnitude: UInt128, times factor: UInt64, by divisor: UInt64
  ) throws(MoneyError) -> (quotient: UInt128, remainder: UInt64) {
    let lowLimb = UInt64(truncatingIfNeeded: magnitude)
    let highLimb = UInt64(truncatingIfNeeded: magnitude >> 64)
    let low = lowLimb.multipliedFullWidth(by: factor)
    let high = highLimb.multipliedFullWidth(by: factor)
    let (middle, carries) = low.high.addingReportingOverflow(high.low)
    // high.high is at most 2^64 - 2, so the carry fits.
    let top = high.high &+ (carries ? 1 : 0)

    guard top < divisor else { throw .overflow }
    let first = divisor.dividingFullWidth((top, middle))
    let second = divisor.dividingFullWidth((first.remainder, low.low))
    return (UInt128(first.quotient) << 64 | UInt128(second.quotient), second.remainder)
  }
}
