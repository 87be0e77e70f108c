extension Amount {
  /// Splits the amount in proportion to weights so that the parts add up to the last digit.
  ///
  /// Largest remainder: every part is first cut off towards zero at the twelfth place, then the units left over go, one
  /// each, to the largest remainders; equal remainders are served in the order of their keys' bytes. The sign is that
  /// of the amount, so the parts of a reversal are exactly the negated parts of what it reverses. A weight of zero gets
  /// zero.
  ///
  /// - Parameter shares: key and weight of each part; weights are not negative and need not be of this currency.
  /// - Returns: the parts, in the order of `shares`.
  /// - Throws: `badWeights` where all weights are zero (or there are none), one is negative, or their sum has more than
  ///   26 digits before its point: the caller then leaves the amount unallocated.
  public func split(by shares: [(key: ExactText, weight: Amount)]) throws(MoneyError) -> [Amount] {
    var total = Amount.zero
    for share in shares {
      guard !share.weight.isNegative else { throw MoneyError(.badWeights, "a weight is negative") }
      do { total = try total.adding(share.weight) } catch {
        throw MoneyError(.badWeights, "the sum of the weights does not fit")
      }
    }
    guard !total.isZero else { throw MoneyError(.badWeights, "all weights are zero") }

    let whole = units.magnitude
    let divisor = total.units.magnitude
    var parts: [UInt128] = []
    var remainders: [UInt128] = []
    parts.reserveCapacity(shares.count)
    remainders.reserveCapacity(shares.count)
    var leftOver = whole
    for share in shares {
      // weight <= divisor, so the quotient is at most `whole` and the wide division cannot trap.
      let (quotient, remainder) = divisor.dividingFullWidth(
        whole.multipliedFullWidth(by: share.weight.units.magnitude))
      parts.append(quotient)
      remainders.append(remainder)
      leftOver -= quotient
    }

    let order = shares.indices.sorted { left, right in
      if remainders[left] != remainders[right] { return remainders[left] > remainders[right] }
      if shares[left].key != shares[right].key { return shares[left].key < shares[right].key }
      return left < right
    }
    // The remainders add up to leftOver * divisor and each is below divisor: fewer units are left than parts have one.
    for index in order.prefix(Int(leftOver)) { parts[index] += 1 }
    return parts.map { Amount(units: isNegative ? -Int128($0) : Int128($0)) }
  }
}
